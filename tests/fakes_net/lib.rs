//! What stands in for the network: HTTP clients and servers, bodies, a database. Used by the chapters of
//! the package `network` alone, so that no other chapter compiles its dependencies.
