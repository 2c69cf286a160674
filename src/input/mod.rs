//! Input: find and open what is to be read, classify it by content, bound it.
