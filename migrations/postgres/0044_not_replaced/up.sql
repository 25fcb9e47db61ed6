-- PostgreSQL replaces no row without asking the triggers that refuse it: there is nothing to do but to say it.
COMMENT ON TABLE audit_entries IS 'only added to';
