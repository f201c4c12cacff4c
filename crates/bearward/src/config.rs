//! Faults of the configuration, and the reading of files that it names.

use std::convert::Infallible;
use std::fmt;
use std::io::Read as _;
use std::path::Path;

/// A setting that cannot work. It is the caller's to mend, and found before any request is served.
///
/// # Example
/// ```
/// use bearward::ResourceServer;
/// let error = ResourceServer::new("http://example.com/", "https://api.example.com").unwrap_err();
/// assert_eq!(error.setting(), "issuer");
/// ```
#[derive(Debug)]
pub struct ConfigError {
    setting: &'static str,
    message: String,
    source: Option<std::io::Error>,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, message: impl Into<String>) -> ConfigError {
        ConfigError { setting, message: message.into(), source: None }
    }

    /// The name of the setting: `issuer`, `audience`, `skew` and so on.
    ///
    /// # Example
    /// ```
    /// # use bearward::Issuer;
    /// assert_eq!(Issuer::auth0("https://dev.example.com").unwrap_err().setting(), "domain");
    /// ```
    #[must_use]
    pub fn setting(&self) -> &'static str {
        self.setting
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.message)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

impl From<Infallible> for ConfigError {
    fn from(never: Infallible) -> ConfigError {
        match never {}
    }
}

/// Reads a file of at most `most` bytes.
pub(crate) fn read_file(
    setting: &'static str,
    path: &Path,
    most: u64,
) -> Result<Vec<u8>, ConfigError> {
    let failed = |source: std::io::Error| ConfigError {
        setting,
        message: format!("cannot read {}: {source}", path.display()),
        source: Some(source),
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(ConfigError::new(
            setting,
            format!("{} is larger than {most} bytes", path.display()),
        ));
    }
    Ok(bytes)
}
