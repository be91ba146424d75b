//! What a resource kind is, seen from the engine, and the machine, seen from a kind.
