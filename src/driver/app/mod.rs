//! What only the application knows: answers of its functions, and the tokens that come of them.

pub mod callbacks;
pub mod tokens;
