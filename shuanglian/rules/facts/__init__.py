"""The facts that conditions speak of, worked out in one place from the register's columns."""
