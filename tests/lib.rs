//! Enplan from outside: the real binary, real HTTP, real PostgreSQL. All of it is in `acceptance/`.
