//! `GET /assets/NAME`: the stylesheet, the script and the mark, all of them within the program.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

/// A file that the pages load.
pub(crate) struct Asset {
    name: &'static str,
    ending: &'static str,
    media_type: &'static str,
    text: &'static str,
}

/// Every rule of style: what all pages share, then each piece.
pub(crate) static STYLESHEET: Asset = Asset {
    name: "house",
    ending: "css",
    media_type: "text/css; charset=utf-8",
    text: concat!(
        include_str!("../../assets/style/base.css"),
        include_str!("../../assets/style/layout.css"),
        include_str!("../../assets/style/controls.css"),
        include_str!("../../assets/style/pieces.css"),
        include_str!("../../assets/style/views.css"),
    ),
};

/// Every script. The theme comes first, because it has to be set before anything is drawn.
pub(crate) static SCRIPT: Asset = Asset {
    name: "house",
    ending: "js",
    media_type: "text/javascript; charset=utf-8",
    text: concat!(
        include_str!("../../assets/script/theme.js"),
        include_str!("../../assets/script/copy.js"),
        include_str!("../../assets/script/countdown.js"),
        include_str!("../../assets/script/code.js"),
        include_str!("../../assets/script/matrix.js"),
        include_str!("../../assets/script/tabs.js"),
        include_str!("../../assets/script/answer.js"),
        include_str!("../../assets/script/activity.js"),
    ),
};

/// The bear's paw.
pub(crate) static MARK: Asset = Asset {
    name: "mark",
    ending: "svg",
    media_type: "image/svg+xml",
    text: include_str!("../../assets/mark.svg"),
};

/// A year: the name changes with the text, so a copy is never old.
const CACHE: &str = "public, max-age=31536000, immutable";

impl Asset {
    /// Where it is served: `/assets/house-0123456789abcdef.css`.
    pub(crate) fn path(&self) -> String {
        format!("/assets/{}", self.file_name())
    }

    fn file_name(&self) -> String {
        format!("{}-{:016x}.{}", self.name, fingerprint(self.text), self.ending)
    }
}

/// Any other name is not found.
pub(crate) async fn show(Path(name): Path<String>) -> Response {
    let Some(asset) = [&STYLESHEET, &SCRIPT, &MARK].into_iter().find(|a| a.file_name() == name)
    else {
        return (StatusCode::NOT_FOUND, [(X_CONTENT_TYPE_OPTIONS, "nosniff")]).into_response();
    };
    let headers = [
        (CONTENT_TYPE, asset.media_type),
        (CACHE_CONTROL, CACHE),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.text).into_response()
}

/// FNV-1a with 64 bits: it tells versions of our own files apart, and guards nothing.
fn fingerprint(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
