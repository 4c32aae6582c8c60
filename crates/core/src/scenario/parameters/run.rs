//! The run's rows.

use super::LARGEST_SEED;
use crate::matrix::LARGEST_DIMENSION;
use crate::scenario::parameter::{Group, Interval, Parameter, Values, integer, log};

const ROW: Parameter = Parameter::of(Group::Run);

/// In the order of the page.
pub(super) const RUN: &[Parameter] = &[
    Parameter {
        name: "replicas",
        path: "/run/replicas",
        label: "Replicas",
        unit: "runs",
        values: integer(2.0, 1e6, log(100.0, 1e5, 10.0)),
        default: "10000",
        doc: "Independent runs over which every average is taken.",
        ..ROW
    },
    Parameter {
        name: "steps",
        path: "/run/steps",
        label: "Steps",
        symbol: "t",
        unit: "updates",
        values: integer(1.0, 1e7, log(1.0, 1e4, 10.0)),
        default: "1000",
        doc: "Updates of each run, from its start on, before the sweep measures.",
        ..ROW
    },
    Parameter {
        name: "seed",
        path: "/run/seed",
        label: "Seed",
        values: integer(0.0, LARGEST_SEED, None),
        default: "1",
        doc: "The same seed gives the same numbers, bit for bit.",
        ..ROW
    },
    Parameter {
        name: "start",
        path: "/run/start/kind",
        label: "Start",
        values: Values::Choice {
            options: &[
                ("minimum", "at the minimum"),
                ("point", "at a point"),
                ("gaussian", "Gaussian around the minimum"),
                ("stationary", "stationary"),
            ],
        },
        default: "\"minimum\"",
        doc: "Where the replicas start; the velocity starts at zero, but for a stationary start.",
        ..ROW
    },
    Parameter {
        name: "start_weights",
        path: "/run/start/weights",
        label: "Starting point",
        symbol: "w₀",
        values: Values::Vector { least: 1, most: LARGEST_DIMENSION, interval: Interval::closed(-1e12, 1e12) },
        default: "[1.0,1.0]",
        only_if: Some(("start", &["point"])),
        doc: "Weights of every replica at the start, measured from the minimum; as many as K has rows.",
        ..ROW
    },
    Parameter {
        name: "start_covariance",
        path: "/run/start/covariance",
        label: "Covariance of the start",
        symbol: "Σ₀",
        values: Values::Matrix { definite: false },
        default: "[[1.0,0.0],[0.0,1.0]]",
        only_if: Some(("start", &["gaussian"])),
        doc: "Covariance of the replicas at the start: symmetric, positive semidefinite, as large as K.",
        ..ROW
    },
    Parameter {
        name: "burn_in",
        path: "/run/start/burn_in",
        label: "Burn-in",
        unit: "updates",
        values: integer(0.0, 1e7, None),
        default: "null",
        only_if: Some(("start", &["stationary"])),
        doc: "Updates before the start that are not counted; left out, as many as it takes to settle.",
        ..ROW
    },
];
