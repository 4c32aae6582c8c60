//! The loss's rows.

use super::LARGEST_SEED;
use crate::data::{DIABETES_COLUMNS, LARGEST_DATA};
use crate::loss::LARGEST_DEGREE;
use crate::matrix::LARGEST_DIMENSION;
use crate::scenario::parameter::{Group, Interval, Parameter, Values, integer, linear, log, number};

const ROW: Parameter = Parameter::of(Group::Loss);

/// In the order of the page.
pub(super) const LOSS: &[Parameter] = &[
    Parameter {
        name: "loss",
        path: "/loss/kind",
        label: "Loss",
        values: Values::Choice {
            options: &[
                ("quadratic", "quadratic, wᵀKw/2"),
                ("least_squares", "least squares on data"),
                ("piecewise_quadratic", "a well and a barrier, parabolas"),
                ("polynomial", "a well, polynomial"),
            ],
        },
        default: "\"quadratic\"",
        doc: "What is descended; weights are measured from its minimum.",
        ..ROW
    },
    Parameter {
        name: "hessian",
        path: "/loss/hessian",
        label: "Hessian",
        symbol: "K",
        values: Values::Matrix { definite: false },
        only_if: Some(("loss", &["quadratic"])),
        default: "[[1.0,0.0],[0.0,0.1]]",
        doc: "Curvature of the loss L = wᵀKw/2: symmetric, positive semidefinite, not zero. Along a flat direction noise accumulates.",
        ..ROW
    },
    Parameter {
        name: "data",
        path: "/loss/data/kind",
        label: "Data",
        values: Values::Choice {
            options: &[
                ("synthetic", "drawn from a seed"),
                ("diabetes", "442 diabetes patients"),
                ("table", "a table of one's own"),
            ],
        },
        default: "\"synthetic\"",
        only_if: Some(("loss", &["least_squares"])),
        doc: "The samples whose squared errors are averaged.",
        ..ROW
    },
    Parameter {
        name: "samples",
        path: "/loss/data/samples",
        label: "Samples",
        symbol: "N",
        values: integer(1.0, 1e6, log(10.0, 1e5, 10.0)),
        default: "1000",
        only_if: Some(("data", &["synthetic"])),
        doc: "Size of the data set; at least the number of inputs.",
        ..ROW
    },
    Parameter {
        name: "input_variances",
        path: "/loss/data/input_variances",
        label: "Input variances",
        values: Values::Vector { least: 1, most: LARGEST_DIMENSION, interval: Interval::open_below(0.0, 1e12) },
        default: "[1.0]",
        only_if: Some(("data", &["synthetic"])),
        doc: "Variance of each input; K is close to the diagonal matrix of them.",
        ..ROW
    },
    Parameter {
        name: "residual_variance",
        path: "/loss/data/residual_variance",
        label: "Residual variance",
        values: number(Interval::closed(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("data", &["synthetic"])),
        doc: "Variance of the targets, which no input explains.",
        ..ROW
    },
    Parameter {
        name: "data_seed",
        path: "/loss/data/seed",
        label: "Seed of the data",
        values: integer(0.0, LARGEST_SEED, None),
        default: "1",
        only_if: Some(("data", &["synthetic"])),
        doc: "The same seed gives the same data set, bit for bit.",
        ..ROW
    },
    Parameter {
        name: "columns",
        path: "/loss/data/columns",
        label: "Columns",
        values: Values::Words { options: &DIABETES_COLUMNS },
        default: "[\"bmi\",\"s5\"]",
        only_if: Some(("data", &["diabetes"])),
        doc: "The inputs among the table's columns, each with mean 0 and variance 1.",
        ..ROW
    },
    Parameter {
        name: "inputs",
        path: "/loss/data/inputs",
        label: "Inputs",
        symbol: "x",
        values: Values::Rows { most: LARGEST_DATA },
        default: "[[1.0],[2.0]]",
        only_if: Some(("data", &["table"])),
        doc: "A sample a row; all rows have the same number of entries.",
        ..ROW
    },
    Parameter {
        name: "targets",
        path: "/loss/data/targets",
        label: "Targets",
        symbol: "y",
        values: Values::Vector { least: 1, most: LARGEST_DATA, interval: Interval::ANY },
        default: "[1.0,-1.0]",
        only_if: Some(("data", &["table"])),
        doc: "The number that each sample's inputs are to give.",
        ..ROW
    },
    Parameter {
        name: "well_curvature",
        path: "/loss/well_curvature",
        label: "Curvature of the well",
        symbol: "k_a",
        values: number(Interval::open_below(0.0, 1e6), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("loss", &["piecewise_quadratic"])),
        doc: "Curvature at the minimum, up to where the parabolas meet.",
        ..ROW
    },
    Parameter {
        name: "barrier_curvature",
        path: "/loss/barrier_curvature",
        label: "Curvature of the barrier",
        symbol: "|k_b|",
        values: number(Interval::open_below(0.0, 1e6), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("loss", &["piecewise_quadratic"])),
        doc: "Magnitude of the curvature at the top of the barrier.",
        ..ROW
    },
    Parameter {
        name: "barrier",
        path: "/loss/barrier",
        label: "Place of the barrier",
        symbol: "b",
        values: number(Interval::open_below(0.0, 1e6), linear(0.1, 5.0, 0.1)),
        default: "1.0",
        only_if: Some(("loss", &["piecewise_quadratic"])),
        doc: "Distance of the top of the barrier from the minimum.",
        ..ROW
    },
    Parameter {
        name: "steepness",
        path: "/loss/steepness",
        label: "Steepness",
        symbol: "r",
        values: number(Interval::open_below(0.0, 1e6), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("loss", &["piecewise_quadratic"])),
        doc: "Factor on the whole potential: both curvatures and the height grow with it, the places stay.",
        ..ROW
    },
    Parameter {
        name: "coefficients",
        path: "/loss/coefficients",
        label: "Coefficients",
        values: Values::Vector { least: 3, most: LARGEST_DEGREE + 1, interval: Interval::closed(-1e12, 1e12) },
        default: "[0.0,0.0,0.5,-0.3333333333333333]",
        only_if: Some(("loss", &["polynomial"])),
        doc: "Coefficients of the polynomial from the constant on; that of w is 0 and that of w² above 0.",
        ..ROW
    },
    Parameter {
        name: "exit",
        path: "/loss/exit",
        label: "Exit",
        values: number(Interval::open_below(0.0, 1e6), None),
        default: "null",
        only_if: Some(("loss", &["piecewise_quadratic", "polynomial"])),
        doc: "Where a replica counts as escaped; left out, twice the place of the barrier.",
        ..ROW
    },
    Parameter {
        name: "lower_exit",
        path: "/loss/lower_exit",
        label: "Lower exit",
        values: number(Interval::open_above(-1e6, 0.0), None),
        default: "null",
        only_if: Some(("loss", &["polynomial"])),
        doc: "Where a replica counts as escaped to the left; left out, twice the place of a barrier there.",
        ..ROW
    },
];
