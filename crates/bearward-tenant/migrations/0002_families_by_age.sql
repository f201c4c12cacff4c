-- Families of long ago are forgotten with every login.
CREATE INDEX token_families_by_age ON token_families (created_at);
