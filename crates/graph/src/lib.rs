//! Directed graphs with a stable order, reachability and witnesses of cycles.
