//! What only the application knows: answers of its functions, and the tokens that come of them.

pub(super) mod callbacks;
pub(super) mod tokens;
