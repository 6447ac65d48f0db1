//! Access bases: who may see a young person, and why. One file per operation.

pub mod widen;
