//! Policy: what the public body asks for, levels, waivers, baseline; the verdict.
