//! The engine: rules meet subjects, findings come out.
