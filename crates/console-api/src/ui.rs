//! The web console: what `front_end` builds, embedded into the program.

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, AcceptEncoding, CACHE_CONTROL, CONTENT_SECURITY_POLICY, Encoding, Header, VARY,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use crate::ApiSettings;
use crate::error::{self, ApiError};
use crate::guard::secure;
use crate::pieces::Pieces;

/// The console's own scripts, and styles that its components make; nothing from elsewhere, and in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
                      base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
/// What a built page says its base path is; the address that it is served below takes its place.
const BASE: &str = "<base href=\"/\"";
const INDEX: &str = "index.html";
/// Files below it have a hash of their content in their name.
const HASHED: &str = "assets/";

#[derive(RustEmbed)]
#[folder = "../../front_end/dist"]
struct Built;

/// Answers what no other route does: a file of the web console, or its page for an address within it.
pub(crate) async fn page(
    request: HttpRequest,
    settings: Data<ApiSettings>,
) -> Result<HttpResponse, ApiError> {
    match answer::<Built>(&request, &settings) {
        Some(mut response) => {
            secure(response.headers_mut());
            Ok(response)
        }
        None => error::no_route(request).await,
    }
}

fn answer<Files: RustEmbed>(request: &HttpRequest, settings: &ApiSettings) -> Option<HttpResponse> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let base = settings.base_path.as_str();
    let path = request.path().strip_prefix(base)?.trim_start_matches('/');
    if path.is_empty() || path == INDEX {
        return Some(index::<Files>(base));
    }
    if let Some(response) = file::<Files>(request, path) {
        return Some(response);
    }
    // A browser that loads an address within the web console; scripts are told that nothing is there.
    let accepts = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    let by_browser = accepts.is_some_and(|types| types.contains("text/html"));
    (by_browser && !path.starts_with(HASHED)).then(|| index::<Files>(base))
}

fn index<Files: RustEmbed>(base: &str) -> HttpResponse {
    let built = Files::get(INDEX).and_then(|file| String::from_utf8(file.data.into_owned()).ok());
    let page = match built {
        Some(page) => page.replacen(BASE, &format!("<base href=\"{base}/\""), 1),
        None => not_built(base),
    };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(page)
}

fn not_built(base: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>efls-console</title></head>\n\
         <body><h1>efls-console</h1>\n<p>The console runs, but this program was built without its pages. \
         <code>make ui</code> builds them (it needs Node); then build the program again.</p>\n\
         <p>The API is described at <a href=\"{base}/api/docs/\">{base}/api/docs/</a>.</p></body></html>\n"
    )
}

/// A file in the smallest form that the browser takes.
fn file<Files: RustEmbed>(request: &HttpRequest, path: &str) -> Option<HttpResponse> {
    let plain = Files::get(path)?;
    let kind = plain.metadata.mimetype().to_owned();
    let caching = match path.starts_with(HASHED) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(kind)
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, ACCEPT_ENCODING.as_str()));
    let accepted = AcceptEncoding::parse(request).ok();
    for (encoding, ending) in [(Encoding::brotli(), "br"), (Encoding::gzip(), "gz")] {
        if let Some(packed) = Files::get(&format!("{path}.{ending}"))
            && accepted
                .as_ref()
                .is_some_and(|accepted| takes(accepted, &encoding))
        {
            response.insert_header(("content-encoding", encoding.to_string()));
            return Some(response.body(Pieces::from(packed.data)));
        }
    }
    Some(response.body(Pieces::from(plain.data)))
}

fn takes(accepted: &AcceptEncoding, encoding: &Encoding) -> bool {
    accepted.negotiate([encoding].into_iter()).as_ref() == Some(encoding)
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use super::*;

    /// A web console of three files.
    #[derive(RustEmbed)]
    #[folder = "tests/ui"]
    struct Sample;

    /// A build without a web console.
    #[derive(RustEmbed)]
    #[folder = "tests/ui"]
    #[exclude = "*"]
    struct Nothing;

    fn settings() -> ApiSettings {
        ApiSettings {
            base_path: "/host".to_owned(),
            ..ApiSettings::default()
        }
    }

    async fn text(response: HttpResponse) -> String {
        assert_eq!(response.status(), StatusCode::OK);
        String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap()
    }

    fn header(response: &HttpResponse, name: &str) -> Option<String> {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    }

    #[actix_web::test]
    async fn every_address_of_the_web_console_is_its_page() {
        for path in ["/host", "/host/", "/host/index.html", "/host/runs/7"] {
            let request = TestRequest::get()
                .uri(path)
                .insert_header((ACCEPT, "text/html,*/*"));
            let response = answer::<Sample>(&request.to_http_request(), &settings()).unwrap();
            assert_eq!(header(&response, "cache-control").as_deref(), Some("no-cache"));
            assert!(
                header(&response, "content-security-policy")
                    .unwrap()
                    .contains("script-src 'self';")
            );
            let page = text(response).await;
            assert!(page.contains("<base href=\"/host/\" />"), "{page}");
        }
    }

    #[actix_web::test]
    async fn files_are_packed_and_kept_for_ever() {
        for (accepted, encoding, body) in [
            ("gzip, br", Some("br"), "brotli\n"),
            ("gzip", Some("gzip"), "gzip\n"),
            ("br;q=0", None, "plain\n"),
        ] {
            let request = TestRequest::get()
                .uri("/host/assets/app-1f2e.js")
                .insert_header((ACCEPT_ENCODING, accepted));
            let response = answer::<Sample>(&request.to_http_request(), &settings()).unwrap();
            assert_eq!(header(&response, "content-encoding").as_deref(), encoding);
            assert_eq!(
                header(&response, "content-type").as_deref(),
                Some("text/javascript")
            );
            let caching = header(&response, "cache-control").unwrap();
            assert!(caching.contains("immutable"), "{caching}");
            assert_eq!(text(response).await, body);
        }
    }

    #[actix_web::test]
    async fn what_is_not_there_is_not_a_page() {
        let requests = [
            TestRequest::get().uri("/host/runs/7"),
            TestRequest::get()
                .uri("/host/assets/gone.js")
                .insert_header((ACCEPT, "text/html")),
            TestRequest::post()
                .uri("/host/")
                .insert_header((ACCEPT, "text/html")),
        ];
        for request in requests {
            assert!(answer::<Sample>(&request.to_http_request(), &settings()).is_none());
        }
    }

    #[actix_web::test]
    async fn a_build_without_pages_says_how_to_get_them() {
        let request = TestRequest::get().uri("/host/").to_http_request();
        let page = text(answer::<Nothing>(&request, &settings()).unwrap()).await;
        assert!(
            page.contains("make ui") && page.contains("/host/api/docs/"),
            "{page}"
        );
    }
}
