//! What a monitoring system reads.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use console_app::monitoring;

use crate::auth;
use crate::error::ApiError;
use crate::guard::secure;

/// `GET /metrics`: all metrics of this process.
pub(crate) async fn metrics(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let text = monitoring::exposition(&*auth::app(&request)?).await?;
    let mut response = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, monitoring::CONTENT_TYPE))
        .body(text);
    secure(response.headers_mut());
    Ok(response)
}
