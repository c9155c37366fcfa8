//! Where shoppers are believed to be. Asked for only while somebody looks.

use super::{App, reply::Refusal};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use engine::heat::{SQUARE_M, Square};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// Number of a visit; everybody if left out.
    visit: Option<u32>,
}

/// A belief.
#[derive(Debug, Serialize)]
pub(super) struct Heat {
    /// Side of a square, metres.
    square_m: f32,
    squares: Vec<Square>,
}

/// As squares of the floor with the shoppers expected in them.
pub(super) async fn heat(
    State(app): State<Arc<App>>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Heat>, Refusal> {
    let Ok(Query(Whose { visit })) = whose else {
        return Err(Refusal::bad("?visit= takes the number of a visit"));
    };
    let squares = app.shop.heat(visit).await?;
    Ok(Json(Heat {
        square_m: SQUARE_M,
        squares,
    }))
}
