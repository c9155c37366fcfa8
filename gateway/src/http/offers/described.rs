//! Why each offer would be shown or not to people whom somebody describes, in
//! the words of a situation file. Nothing of it is counted or kept.

use crate::{
    http::{App, reply::Refusal},
    waterfall,
};
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use config::{Problem, Problems};
use engine::decide::rehearse_audience;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task;

/// What a situation looks like, for whoever sends something else.
const SUCH_AS: &str = "send a situation, such as \
     {\"screen\": NAME, \"audience\": [{\"zone\": NAME, \"dwell\": \"40s\"}]}";

/// The whole waterfall of one screen before described people, by the plan in force.
pub(in crate::http) async fn explain_described(
    State(app): State<Arc<App>>,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(situation) = body.map_err(|_| Refusal::bad(SUCH_AS))?;
    let text = config::situation_of_json(&situation).ok_or_else(|| Refusal::bad(SUCH_AS))?;
    let asked = task::spawn_blocking(move || {
        let plan = app.shop.plan();
        let situation = app.files.describe(&plan, ("the situation", &text))?;
        let (decision, needed) = rehearse_audience(&plan, &situation);
        let assumed = Some(waterfall::DESCRIBED);
        Ok(waterfall::of_screen(&plan, &decision, &needed, assumed))
    });
    match asked.await.map_err(|_| failed())? {
        Ok(told) => Ok(Json(told).into_response()),
        Err(problems) => Ok(wrong(&problems)),
    }
}

/// What is wrong with a situation, key by key: it has no lines.
fn wrong(problems: &Problems) -> Response {
    let each = |problem: &Problem| {
        json!({
            "key": problem.key,
            "what": problem.what,
            "did_you_mean": problem.did_you_mean,
            "remedy": problem.remedy,
        })
    };
    let problems: Vec<Value> = problems.iter().map(each).collect();
    let error = "the situation does not fit the shop";
    let body = json!({"error": error, "problems": problems});
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

fn failed() -> Refusal {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the offers could not be asked; the gateway's log says why",
    )
}
