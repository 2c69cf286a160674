// SPDX-License-Identifier: EUPL 1.2

import { CosmosClient } from "@azure/cosmos";

const client = new CosmosClient(process.env.COSMOS_CONNECTION);

export async function save(report) {
  await client.database("meldpunt").container("reports").items.create(report);
}
