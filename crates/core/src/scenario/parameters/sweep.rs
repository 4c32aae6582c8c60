//! The rows of a sweep, and of how a page shows it.

use crate::formula::LONGEST;
use crate::scenario::parameter::{Group, Interval, Parameter, Values, integer, number};

const ROW: Parameter = Parameter::of(Group::Sweep);

/// In the order of the page.
pub(super) const SWEEP: &[Parameter] = &[
    Parameter {
        name: "parameter",
        path: "/parameter",
        label: "Along",
        values: Values::Choice {
            options: &[
                ("learning_rate", "learning rate λ"),
                ("momentum", "momentum μ"),
                ("mixing", "mixing ν"),
                ("averaging", "averaging ε"),
                ("beta1", "decay of the mean β₁"),
                ("beta2", "decay of the square β₂"),
                ("epsilon", "regulariser ε"),
                ("samples", "samples N"),
                ("residual_variance", "residual variance"),
                ("data_seed", "seed of the data"),
                ("well_curvature", "curvature of the well k_a"),
                ("barrier_curvature", "curvature of the barrier |k_b|"),
                ("barrier", "place of the barrier b"),
                ("steepness", "steepness of the potential r"),
                ("exit", "exit"),
                ("noise_variance", "noise variance σ²"),
                ("noise_scale", "noise scale a"),
                ("batch_size", "batch size S"),
                ("degrees", "degrees of freedom"),
                ("replicas", "replicas"),
                ("steps", "steps t"),
                ("seed", "seed"),
                ("burn_in", "burn-in"),
                ("curvature", "curvature k"),
                ("dimension", "dimension D"),
            ],
        },
        default: "\"learning_rate\"",
        doc: "The number that the sweep varies, one that the scenario has; all others keep their value. The curvature k scales the whole \
              Hessian until its largest eigenvalue is k; the dimension D repeats the problem along the diagonal until it has D coordinates.",
        ..ROW
    },
    Parameter {
        name: "from",
        path: "/from",
        label: "From",
        values: number(Interval::closed(0.0, 1e12), None),
        default: "0.0",
        doc: "Lower end of the sweep; the points lie strictly inside.",
        ..ROW
    },
    Parameter {
        name: "to",
        path: "/to",
        label: "To",
        values: number(Interval::open_below(0.0, 1e12), None),
        default: "2.0",
        doc: "Upper end of the sweep; the points lie strictly inside.",
        ..ROW
    },
    Parameter {
        name: "points",
        path: "/points",
        label: "Points",
        values: integer(1.0, 200.0, None),
        default: "30",
        doc: "Number of values, evenly spaced on the scale; whole numbers where the parameter is one.",
        ..ROW
    },
    Parameter {
        name: "scale",
        path: "/scale",
        label: "Spacing",
        values: Values::Choice { options: &[("linear", "linear"), ("log", "logarithmic")] },
        default: "\"linear\"",
        doc: "Even steps of the swept parameter, or of its logarithm.",
        ..ROW
    },
    Parameter {
        name: "quantity",
        path: "/quantity",
        label: "Show",
        values: Values::Choice {
            options: &[
                ("variance", "variance of wᵢ"),
                ("covariance", "covariance of wᵢ and wⱼ"),
                ("mean", "mean of wᵢ"),
                ("training_error", "training error"),
                ("skewness", "skewness of wᵢ"),
                ("kurtosis", "excess kurtosis of wᵢ"),
                ("escape_rate", "escape rate from the well"),
            ],
        },
        default: "\"variance\"",
        doc: "What is measured and predicted at each point.",
        ..ROW
    },
    Parameter {
        name: "coordinate",
        path: "/coordinate",
        label: "Coordinate",
        symbol: "i",
        values: integer(1.0, 512.0, None),
        default: "1",
        only_if: Some(("quantity", &["variance", "covariance", "mean", "skewness", "kurtosis"])),
        doc: "The coordinate wᵢ whose mean, variance or shape is shown.",
        ..ROW
    },
    Parameter {
        name: "other",
        path: "/other",
        label: "Other coordinate",
        symbol: "j",
        values: integer(1.0, 512.0, None),
        default: "2",
        only_if: Some(("quantity", &["covariance"])),
        doc: "The coordinate wⱼ whose covariance with wᵢ is shown.",
        ..ROW
    },
    Parameter {
        name: "formula",
        path: "/formula",
        label: "Your formula",
        values: Values::Formula { longest: LONGEST },
        default: "\"\"",
        doc: "What is shown, by a formula of your own, drawn beside the theories: for example lambda*c/(k*(2-lambda*k)). \
              Numbers of the scenario are λ μ ν k c σ a S N D t i j, also spelt lambda, mu, nu, sigma; k and c are curvature \
              and noise along wᵢ, or of wᵢ and wⱼ, where k_i and k_j are their curvatures; sum(…) goes over all eigen-directions.",
        ..ROW
    },
];

const VIEW_ROW: Parameter = Parameter::of(Group::View);

/// In the order of the page.
pub(super) const VIEW: &[Parameter] = &[
    Parameter {
        name: "y_scale",
        path: "/view/y_scale",
        label: "Scale",
        values: Values::Choice { options: &[("linear", "linear"), ("log", "logarithmic")] },
        default: "\"linear\"",
        doc: "Scale of the upward axis.",
        ..VIEW_ROW
    },
    Parameter {
        name: "speed",
        path: "/view/speed",
        label: "Speed",
        unit: "steps a second",
        values: Values::Choice {
            options: &[
                ("1", "1 step/s"),
                ("5", "5 steps/s"),
                ("20", "20 steps/s"),
                ("60", "60 steps/s"),
                ("max", "fastest"),
            ],
        },
        default: "\"60\"",
        doc: "How fast the cloud moves.",
        ..VIEW_ROW
    },
    Parameter {
        name: "plane",
        path: "/view/plane",
        label: "Plane",
        values: Values::Choice { options: &[("coordinates", "coordinates"), ("directions", "eigen-directions")] },
        default: "\"coordinates\"",
        doc: "What spans the plane of the cloud: two coordinates of the weights, or two eigenvectors of the Hessian.",
        ..VIEW_ROW
    },
    Parameter {
        name: "across",
        path: "/view/across",
        label: "Across",
        values: integer(1.0, 512.0, None),
        default: "1",
        doc: "Number of the coordinate or direction across, directions from the sharpest; the last where there are fewer.",
        ..VIEW_ROW
    },
    Parameter {
        name: "upwards",
        path: "/view/upwards",
        label: "Upwards",
        values: integer(1.0, 512.0, None),
        default: "2",
        doc: "Number of the coordinate or direction upwards.",
        ..VIEW_ROW
    },
];
