//! How a belief spreads while time passes: people walk, and not through walls.
//!
//! Diffusion by finite volumes: what leaves a cell for its neighbour is a share
//! of the difference, and only where a link is open (Patankar, "Numerical Heat
//! Transfer and Fluid Flow", chapter 4.2). So nothing crosses a wall thinner than a cell, nothing
//! gathers in corners, and the even belief stays even.

use super::{grid::Grid, sums::normalise};
use crate::plan::StorePlan;
use core::f32::consts::SQRT_2;

/// Limits of the spread of a half step along each axis, metres.
const SPREAD_M: core::ops::RangeInclusive<f32> = 0.35..=1.2;
/// Largest share of a difference that crosses a link in one pass; the scheme is
/// stable below a half.
const SHARE_MAX: f32 = 0.4;
/// Part of the belief that is spread over the whole floor each half step, so
/// that no place is ever ruled out for good.
const DOUBT: f32 = 0.002;
/// How much of what would walk out of the box around the building is lost: its
/// square root. Without it, belief piles up along outer walls, where whatever the
/// map has wrong finds its best fit (on `rssi_tetam` mean errors of 1.41 m with a
/// survey and 2.1 m without, against 1.37 and 1.9).
const LOST: f32 = 0.5;
/// Part of the belief on a flight of stairs that changes storeys each half step.
const CLIMB: f32 = 0.1;

/// Works the spread of half a second out for one floor.
#[derive(Debug)]
pub struct Stroll {
    passes: u32,
    /// Spread of half a second along each axis, metres.
    pub spread_m: f32,
    /// Share across each link, eastward and northward.
    east: Vec<f32>,
    north: Vec<f32>,
    /// Part that does not walk out of the building, in each cell.
    stays: Vec<f32>,
}

impl Stroll {
    /// For one floor.
    pub fn new(plan: &StorePlan, grid: &Grid) -> Self {
        let spread_m = spread_m(plan);
        let variance = spread_m * spread_m / (2.0 * grid.cell_m * grid.cell_m);
        let passes = libm::ceilf(variance / SHARE_MAX).max(1.0);
        let share = variance / passes;
        let of = |links: &[f32]| links.iter().map(|open| share * open).collect();
        Self {
            passes: passes as u32,
            spread_m,
            east: of(&grid.east),
            north: of(&grid.north),
            stays: (0..grid.cells())
                .map(|cell| stays(grid, cell, spread_m))
                .collect(),
        }
    }

    /// Half a second passes. `scratch` is as long as the belief.
    pub fn pass(&self, grid: &Grid, belief: &mut [f32], scratch: &mut [f32]) {
        let cells = belief.iter_mut().zip(&grid.even).zip(&self.stays);
        for ((p, even), stays) in cells {
            *p = stays * ((1.0 - DOUBT) * *p + DOUBT * even);
        }
        for cell in &grid.stairs {
            let (below, above) = (usize::from(*cell), usize::from(*cell) + grid.floor());
            let net = CLIMB * (belief[below] - belief[above]);
            belief[below] -= net;
            belief[above] += net;
        }
        for _ in 0..self.passes {
            exchange(belief, scratch, &self.east, 1);
            exchange(scratch, belief, &self.north, grid.columns);
        }
        normalise(belief);
    }
}

fn spread_m(plan: &StorePlan) -> f32 {
    let area: f32 = plan.levels().map(|(outline, _)| outline.area()).sum();
    let apart_m = libm::sqrtf(area / plan.scanners.len().max(1) as f32);
    (plan.presence.tuning.spread * apart_m).clamp(*SPREAD_M.start(), *SPREAD_M.end())
}

/// The mass of a normal distribution about a cell's middle that stays in the box,
/// to the power of [`LOST`].
fn stays(grid: &Grid, cell: usize, spread_m: f32) -> f32 {
    let cell = cell % grid.floor();
    let (row, column) = (cell / grid.columns, cell % grid.columns);
    let within = |at: usize, of: usize| {
        let sides = [at as f32 + 0.5, (of - at) as f32 - 0.5];
        let part = |cells: f32| libm::erff(cells * grid.cell_m / (spread_m * SQRT_2));
        0.5 * sides.into_iter().map(part).sum::<f32>()
    };
    let inside = within(column, grid.columns) * within(row, grid.rows);
    libm::powf(inside, LOST)
}

/// One exchange along one axis: `links[i]` is the share that crosses between `i`
/// and `i + stride`.
fn exchange(from: &[f32], to: &mut [f32], links: &[f32], stride: usize) {
    let n = from.len();
    if n < 2 * stride {
        return to.copy_from_slice(from);
    }
    let ahead = |i: usize| links[i] * (from[i + stride] - from[i]);
    for i in 0..stride {
        to[i] = from[i] + ahead(i);
        to[n - 1 - i] = from[n - 1 - i] - ahead(n - 1 - i - stride);
    }
    let inner = &mut to[stride..n - stride];
    let (before, here, after) = (
        &from[..n - 2 * stride],
        &from[stride..],
        &from[2 * stride..],
    );
    let (in_links, out_links) = (&links[..n - 2 * stride], &links[stride..]);
    let cells = inner.iter_mut().zip(before).zip(here).zip(after);
    for ((((to, before), here), after), (entering, leaving)) in
        cells.zip(in_links.iter().zip(out_links))
    {
        *to = here + leaving * (after - here) - entering * (here - before);
    }
}
