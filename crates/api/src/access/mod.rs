//! Access bases: which units and employees may see a young person, and for which reason. One file per operation.

pub mod widen;
