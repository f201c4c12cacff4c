//! What the libraries log, on stderr: in our own short form, or in full to whoever asked for it.

use std::fmt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, Subscriber as Builder};
use tracing_subscriber::registry::LookupSpan;

use crate::output::{ATTENTION, QUIET, REFUSED, one_line};

/// Logs what asks for attention, or what `filter` names with its time and its place. Colours are
/// taken out again by `anstream` where stderr is no terminal.
pub(crate) fn to_stderr(filter: Option<&str>, unasked: Unasked) {
    let builder = Builder::builder().with_ansi(true).with_writer(anstream::stderr);
    match filter {
        Some(filter) => builder.with_env_filter(EnvFilter::new(filter)).init(),
        None => builder.with_env_filter(EnvFilter::new("warn")).event_format(Short(unasked)).init(),
    }
}

/// What is logged where nobody has asked for a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unasked {
    ErrorsAndWarnings,
    /// The command itself tells of the errors.
    Warnings,
}

/// `warning: what field=value`, one line.
struct Short(Unasked);

impl<S, N> FormatEvent<S, N> for Short
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let (style, level) = match *event.metadata().level() {
            Level::ERROR if self.0 == Unasked::Warnings => return Ok(()),
            Level::ERROR => (REFUSED, "error"),
            Level::WARN => (ATTENTION, "warning"),
            _ => (QUIET, "note"),
        };
        let mut text = String::new();
        context.format_fields(Writer::new(&mut text), event)?;
        writeln!(writer, "{style}{level}:{style:#} {}", one_line(&text))
    }
}
