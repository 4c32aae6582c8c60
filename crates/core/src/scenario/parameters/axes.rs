//! Rows of numbers that no document holds by themselves: several parts of a scenario follow them together.

use crate::matrix::LARGEST_DIMENSION;
use crate::scenario::parameter::{Group, Interval, Parameter, integer, log, number};

const ROW: Parameter = Parameter::of(Group::Sweep);

/// What a sweep can vary besides the numbers of a scenario, with the same words and ranges as a parameter. They have no place in a
/// document.
///
/// ```
/// use noisy_descent::{Scenario, Sweep, scenario::AXES};
/// assert_eq!(AXES.iter().map(|row| row.name).collect::<Vec<_>>(), ["curvature", "dimension"]);
/// let along = |parameter: &str, to: f64| Sweep { parameter: parameter.into(), to, points: 3, ..Sweep::default() };
/// // K = diag(1, 0.1), scaled until its largest eigenvalue is 1.5.
/// let sharper = along("curvature", 2.0).scenario_at(2)?;
/// assert!((sharper.loss.hessian()?[(1, 1)] - 0.15).abs() < 1e-15);
/// // The same, repeated along the diagonal until there are three coordinates.
/// assert_eq!(along("dimension", 4.0).scenario_at(2)?.loss.hessian()?.diagonal().as_slice(), [1.0, 0.1, 1.0]);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub static AXES: &[Parameter] = &[
    Parameter {
        name: "curvature",
        label: "Curvature",
        symbol: "k",
        values: number(Interval::open_below(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        doc: "The largest eigenvalue of the Hessian; the whole Hessian is scaled to it.",
        ..ROW
    }
    .shortened(),
    Parameter {
        name: "dimension",
        label: "Dimension",
        symbol: "D",
        values: integer(1.0, LARGEST_DIMENSION as f64, None),
        default: "2",
        doc: "Number of coordinates: the problem is repeated along the diagonal, its last copy cut off.",
        ..ROW
    }
    .shortened(),
];
