//! Language: folding, sentences, the lexicon, mentions and the roles they play.
