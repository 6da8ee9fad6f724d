"""The language of conditions and amounts: a subset of CEL (Common Expression Language), read once, run three ways."""
