//! From a set of resources to a graph: edges, groups, and what would happen.
