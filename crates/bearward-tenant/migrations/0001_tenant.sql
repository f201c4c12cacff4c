-- Times are whole seconds since 1970-01-01 UTC; lists are JSON arrays of text; hashes are SHA-256.

-- What holds for the tenant as a whole.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE apis (
    id TEXT PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    signing_algorithm TEXT NOT NULL,
    token_dialect TEXT NOT NULL,
    token_lifetime BIGINT NOT NULL,
    token_lifetime_for_web BIGINT NOT NULL,
    enforce_policies BOOLEAN NOT NULL,
    allow_offline_access BOOLEAN NOT NULL,
    skip_consent_for_verifiable_first_party_clients BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE permissions (
    api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    description TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (api_id, value)
);

CREATE TABLE applications (
    client_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    app_type TEXT NOT NULL,
    -- NULL: a public client.
    secret_hash BLOB,
    is_first_party BOOLEAN NOT NULL,
    callbacks TEXT NOT NULL,
    allowed_logout_urls TEXT NOT NULL,
    web_origins TEXT NOT NULL,
    grant_types TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES applications (client_id) ON DELETE CASCADE,
    api_id TEXT NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    UNIQUE (client_id, api_id)
);

-- A permission that is removed from its API is gone from every grant, role and user with it.
CREATE TABLE grant_scopes (
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    api_id TEXT NOT NULL,
    value TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (grant_id, value),
    FOREIGN KEY (api_id, value) REFERENCES permissions (api_id, value) ON DELETE CASCADE
);

CREATE TABLE users (
    user_id TEXT PRIMARY KEY,
    -- In lower case.
    email TEXT NOT NULL UNIQUE,
    email_verified BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    nickname TEXT NOT NULL,
    picture TEXT,
    -- argon2id, in the PHC string format.
    password_hash TEXT NOT NULL,
    blocked BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_login BIGINT,
    logins_count BIGINT NOT NULL
);

CREATE TABLE user_permissions (
    user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    api_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, api_id, value),
    FOREIGN KEY (api_id, value) REFERENCES permissions (api_id, value) ON DELETE CASCADE
);

CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL
);

CREATE TABLE role_permissions (
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    api_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (role_id, api_id, value),
    FOREIGN KEY (api_id, value) REFERENCES permissions (api_id, value) ON DELETE CASCADE
);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    -- PKCS#8, encrypted with the key file.
    sealed_key BLOB NOT NULL,
    -- X.509, DER, signed by the key itself.
    certificate BLOB NOT NULL,
    -- next, current, previous.
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    current_since BIGINT,
    current_until BIGINT,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX one_current_and_one_next ON signing_keys (algorithm, role)
    WHERE role <> 'previous';

-- Somebody's login at the tenant, in one browser.
CREATE TABLE sessions (
    id_hash BLOB PRIMARY KEY,
    -- What ID tokens call it.
    sid TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    auth_time BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- A request at /authorize that waits for login or consent.
CREATE TABLE authorization_requests (
    id_hash BLOB PRIMARY KEY,
    -- JSON.
    request TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE consents (
    user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES applications (client_id) ON DELETE CASCADE,
    -- The API's identifier, or the empty text for the scopes of OpenID Connect.
    audience TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (user_id, client_id, audience, scope)
);

-- All codes and refresh tokens that follow from one login and consent. Revoked as one.
CREATE TABLE token_families (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES applications (client_id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    sid TEXT,
    -- NULL: a token for /userinfo alone.
    audience TEXT,
    -- Space-separated, as granted at /authorize.
    scope TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE authorization_codes (
    code_hash BLOB PRIMARY KEY,
    family_id TEXT NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    nonce TEXT,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT
);

CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    family_id TEXT NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When the next one took its place.
    rotated_at BIGINT
);

-- People who may use the dashboard.
CREATE TABLE administrators (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE dashboard_sessions (
    id_hash BLOB PRIMARY KEY,
    administrator TEXT NOT NULL REFERENCES administrators (name) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What happened, for the dashboard. No token, no secret.
CREATE TABLE activity (
    -- Sorts by time.
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- What was tried: token, authorize, login, api_call, ...
    event TEXT NOT NULL,
    -- NULL: it went well. Else the stable reason code.
    reason TEXT,
    detail TEXT NOT NULL,
    client_id TEXT,
    user_id TEXT,
    audience TEXT,
    scope TEXT
);

CREATE INDEX token_families_of_user ON token_families (user_id);
CREATE INDEX token_families_of_session ON token_families (sid);
CREATE INDEX authorization_codes_of_family ON authorization_codes (family_id);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family_id);
CREATE INDEX authorization_requests_by_age ON authorization_requests (expires_at);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX grant_scopes_of_permission ON grant_scopes (api_id, value);
CREATE INDEX role_permissions_of_permission ON role_permissions (api_id, value);
CREATE INDEX user_permissions_of_permission ON user_permissions (api_id, value);
CREATE INDEX user_roles_of_role ON user_roles (role_id);
