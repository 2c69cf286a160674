//! Reports: each turns findings into bytes and knows nothing else.
