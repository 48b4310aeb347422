//! Files under their signed addresses, as a stream with ranges. The program serves them itself, wherever the bytes lie: so that a browser never
//! speaks to another origin, and what is shown in place was checked here.

use std::ops::Range;

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use balcao_platform::{
    blobs::{Fault, Part},
    media::{PREVIEW_TYPE, attachment},
};
use balcao_types::FileKind;

use super::{
    links::{Link, Show},
    queries::stored,
    receive::storage_failed,
    table::Model,
};
use crate::{
    Desk,
    error::{Error, Result},
};

/// The addresses of files, outside `/api`.
pub fn files_router() -> Router<Desk> {
    Router::new().route("/files/{signed}/{name}", get(serve))
}

/// Whatever a file holds, no browser runs it or lets it load anything.
const POLICY: &str =
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Answers a file. A bad address and a file that is gone are the same 404.
async fn serve(
    State(desk): State<Desk>,
    Path((signed, _name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let link = desk.links().open(&signed).ok_or(Error::not_found())?;
    let file = stored(desk.store.read(), link.file).await?.ok_or(Error::not_found())?;
    let answer = Answer::new(&desk, &file, link);
    if header_is(&headers, header::IF_NONE_MATCH, |tags| {
        tags == "*" || tags.split(',').any(|tag| tag.trim() == answer.tag)
    }) {
        return Ok(answer.head(StatusCode::NOT_MODIFIED));
    }
    let size = match answer.part {
        Part::Whole => u64::try_from(file.size).unwrap_or(0),
        Part::Preview => desk.blobs.size(file.id.0, Part::Preview).await.map_err(|fault| missing(&file, &fault))?,
    };
    let is_current = !headers.contains_key(header::IF_RANGE)
        || header_is(&headers, header::IF_RANGE, |tag| tag.trim() == answer.tag);
    let asked = headers.get(header::RANGE).filter(|_| is_current).and_then(|range| range.to_str().ok());
    let (status, range) = match asked.map_or(Asked::Whole, |text| range_of(text, size)) {
        Asked::Whole => (StatusCode::OK, 0..size),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Nothing => {
            let mut response = answer.head(StatusCode::RANGE_NOT_SATISFIABLE);
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    let bytes = desk.blobs.read(file.id.0, answer.part, range.clone()).await.map_err(|fault| missing(&file, &fault))?;
    let mut response = answer.head(status);
    set(&mut response, header::CONTENT_LENGTH, &(range.end - range.start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{size}", range.start, range.end - 1));
    }
    *response.body_mut() = Body::from_stream(bytes);
    Ok(response)
}

/// What is said about a file before its bytes.
struct Answer {
    part: Part,
    tag: String,
    media_type: String,
    disposition: Option<String>,
    /// For how many seconds the address still holds.
    seconds: i64,
}

impl Answer {
    fn new(desk: &Desk, file: &Model, link: Link) -> Self {
        let part = if link.show == Show::Preview && file.has_preview { Part::Preview } else { Part::Whole };
        let is_in_place = link.show != Show::Download && file.kind != FileKind::File;
        let media_type = match part {
            Part::Preview => PREVIEW_TYPE,
            Part::Whole if is_in_place => &file.media_type,
            // What is only saved needs no type by which somebody might open it.
            Part::Whole => "application/octet-stream",
        };
        Self {
            part,
            // Bytes never change under an id.
            tag: format!("\"{}-{}\"", file.id.0.simple(), u8::from(part == Part::Preview)),
            media_type: media_type.to_owned(),
            disposition: (!is_in_place).then(|| attachment(&file.name)),
            seconds: link.expires_at.seconds_since(desk.clock.now()).max(0),
        }
    }

    fn head(&self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        set(&mut response, header::CONTENT_TYPE, &self.media_type);
        set(&mut response, header::ETAG, &self.tag);
        set(&mut response, header::ACCEPT_RANGES, "bytes");
        set(&mut response, header::CACHE_CONTROL, &format!("private, max-age={}, immutable", self.seconds));
        set(&mut response, header::CONTENT_SECURITY_POLICY, POLICY);
        set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(&mut response, header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if let Some(disposition) = &self.disposition {
            set(&mut response, header::CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    // Every value is made of printable ASCII.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn header_is(headers: &HeaderMap, name: header::HeaderName, holds: impl Fn(&str) -> bool) -> bool {
    headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(holds)
}

/// The bytes of a file that has a row.
fn missing(file: &Model, fault: &Fault) -> Error {
    match fault {
        Fault::Missing => {
            tracing::error!(file = %file.id, "the bytes of a stored file are not in the storage");
            Error::not_found()
        }
        Fault::Unavailable(_) => storage_failed(fault),
    }
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    /// Something behind the end.
    Nothing,
}

/// Reads `bytes=…` (RFC 9110, 14.1.2). Several ranges, and what cannot be read, are answered with the whole.
fn range_of(text: &str, size: u64) -> Asked {
    let Some((from, to)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Whole;
    };
    let (from, to) = (from.trim(), to.trim());
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let range = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Some(from), None) if to.is_empty() => from..size,
        (None, Some(last)) if from.is_empty() => size.saturating_sub(last)..size,
        _ => return Asked::Whole,
    };
    if range.is_empty() { Asked::Nothing } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::{Asked, range_of};

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        for (text, asked) in [
            ("bytes=0-1", Asked::Part(0..2)),
            ("bytes=5-", Asked::Part(5..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=8-30", Asked::Part(8..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=3-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(range_of(text, 10), asked, "{text}");
        }
    }
}
