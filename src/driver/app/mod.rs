//! What only the application can provide: answers of its functions, and the tokens that come of them.

pub(super) mod callbacks;
pub(super) mod tokens;
