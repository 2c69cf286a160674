//! Rules: their file format, loading, compiling and examples.

mod card;
mod condition;
mod load;
mod model;

pub use card::{LawCard, RuleCard};
pub use condition::{
    BlockTest, Condition, EquivalenceReach, EquivalenceTest, FactTest, FieldTest, FileTest, LicenceTest, Limit,
    MentionTest, PackageTest, PhraseTest, Side, TextTest, Within,
};
pub use load::{Rule, RuleError, builtin_rules, from_folder, parse, schema};
pub use model::{Case, Example, Examples, Family, Localised, Maturity, Profile, RuleFile, Subject};

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_the_committed_one() {
        crate::committed::check("schemas/rule.schema.json", &super::schema());
    }
}
