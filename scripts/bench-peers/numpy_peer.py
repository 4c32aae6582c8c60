"""The jobs in NumPy: a chunk of replicas at a time, vectorised, in place, noise by Generator(SFC64).

Each function makes arrays for a chunk and returns `descend(learning_rate)`, which runs all steps from the minimum and
returns the first coordinate of every replica. Where a job has several formulations, the driver times them and takes
the fastest. They use what an experienced user would: the state is scaled so that the noise needs no factor of its own.
"""

import numpy as np

VERSIONS = {"NumPy": np.__version__}


def generator(problem):
    return np.random.Generator(np.random.SFC64(problem["seed"]))


def one_coordinate(problem, chunk, dtype):
    """D = 1 without momentum: with w = -λσu a step is u ← (1 - λk)u + z."""
    rng = generator(problem)
    curvature, deviation, steps = problem["hessian"][0][0], problem["covariance"][0][0] ** 0.5, problem["steps"]
    u, z = np.empty(chunk, dtype), np.empty(chunk, dtype)

    def descend(learning_rate):
        factor = dtype(1 - learning_rate * curvature)
        u.fill(0)
        for _ in range(steps):
            rng.standard_normal(dtype=dtype, out=z)
            np.multiply(u, factor, out=u)
            np.add(u, z, out=u)
        return u * (learning_rate * deviation)

    return descend


def student_t(problem, chunk, dtype):
    """The same with NumPy's own standard_t, which cannot write in place."""
    rng = generator(problem)
    degrees, steps = problem["degrees"], problem["steps"]
    curvature, variance = problem["hessian"][0][0], problem["covariance"][0][0]
    deviation = (variance * (degrees - 2) / degrees) ** 0.5
    u = np.empty(chunk, dtype)

    def descend(learning_rate):
        factor = dtype(1 - learning_rate * curvature)
        u.fill(0)
        for _ in range(steps):
            np.multiply(u, factor, out=u)
            np.add(u, rng.standard_t(degrees, size=chunk), out=u)
        return u * (learning_rate * deviation)

    return descend


def stacked(problem, chunk, dtype):
    """Momentum: one product of [K F] with the weights above the noise, where C = FFᵀ; the velocity holds λm."""
    rng = generator(problem)
    hessian, factor = np.array(problem["hessian"]), np.linalg.cholesky(problem["covariance"])
    both, n, steps = np.hstack([hessian, factor]), len(hessian), problem["steps"]
    state, velocity, gradient = np.empty((2 * n, chunk), dtype), np.empty((n, chunk), dtype), np.empty((n, chunk), dtype)
    weights, noise, keep = state[:n], state[n:], dtype(problem["momentum"])

    def descend(learning_rate):
        matrix = (learning_rate * both).astype(dtype)
        weights.fill(0)
        velocity.fill(0)
        for _ in range(steps):
            rng.standard_normal(dtype=dtype, out=noise)
            np.matmul(matrix, state, out=gradient)
            np.multiply(velocity, keep, out=velocity)
            np.add(velocity, gradient, out=velocity)
            np.subtract(weights, velocity, out=weights)
        return weights[0]

    return descend


def whitened(problem, chunk, dtype):
    """Momentum in coordinates w = λFu in which the noise is the identity: one product with F⁻¹KF."""
    rng = generator(problem)
    hessian, factor = np.array(problem["hessian"]), np.linalg.cholesky(problem["covariance"])
    inside, n, steps = np.linalg.solve(factor, hessian @ factor), len(hessian), problem["steps"]
    u, noise, velocity, gradient = (np.empty((n, chunk), dtype) for _ in range(4))
    keep = dtype(problem["momentum"])

    def descend(learning_rate):
        matrix = (learning_rate * inside).astype(dtype)
        u.fill(0)
        velocity.fill(0)
        for _ in range(steps):
            rng.standard_normal(dtype=dtype, out=noise)
            np.matmul(matrix, u, out=gradient)
            np.multiply(velocity, keep, out=velocity)
            np.add(velocity, gradient, out=velocity)
            np.add(velocity, noise, out=velocity)
            np.subtract(u, velocity, out=u)
        return learning_rate * (factor[0] @ u)

    return descend


def minibatch(gradient_of):
    """Minibatches with replacement; `gradient_of` makes the function that adds up the gradients of a chunk."""

    def make(problem, chunk, dtype):
        rng = generator(problem)
        rows = np.hstack([problem["inputs"], np.array(problem["targets"])[:, None]]).astype(dtype)
        steps, batch = problem["steps"], problem["batch_size"]
        minimum = np.linalg.lstsq(rows[:, :-1], rows[:, -1], rcond=None)[0].astype(dtype)
        weights = np.empty((chunk, len(minimum)), dtype)
        # Two bytes a number are quicker to draw than eight.
        kind = np.uint16 if len(rows) <= 2**16 else np.int64
        total = gradient_of(rows, chunk, batch)

        def descend(learning_rate):
            step = dtype(learning_rate / batch)
            weights[:] = minimum
            for _ in range(steps):
                gradient = total(rng.integers(len(rows), size=(chunk, batch), dtype=kind), weights)
                np.multiply(gradient, step, out=gradient)
                np.subtract(weights, gradient, out=weights)
            return weights[:, 0] - minimum[0]

        return descend

    return make


def whole(rows):
    """Each row as one opaque element: `take` then copies it at once, three times as quick as number by number."""
    return rows.view(f"V{rows.itemsize * rows.shape[-1]}")[..., 0]


def by_products(rows, chunk, batch):
    """Gathers the examples (x, y); residuals and gradients are two batched products."""
    n = rows.shape[1] - 1
    drawn, residuals = np.empty((chunk, batch, n + 1), rows.dtype), np.empty((chunk, batch, 1), rows.dtype)
    extended = np.full((chunk, n + 1, 1), -1, rows.dtype)  # (w, -1): its product with (x, y) is the residual
    sums = np.empty((chunk, 1, n + 1), rows.dtype)

    def total(indices, weights):
        np.take(whole(rows), indices, out=whole(drawn), mode="clip")
        extended[:, :n, 0] = weights
        np.matmul(drawn, extended, out=residuals)
        np.matmul(residuals.transpose(0, 2, 1), drawn, out=sums)
        return sums[:, 0, :n]

    return total


def by_einsum(rows, chunk, batch):
    """The same with einsum in place of the products."""
    n = rows.shape[1] - 1
    drawn, residuals = np.empty((chunk, batch, n + 1), rows.dtype), np.empty((chunk, batch), rows.dtype)
    extended, sums = np.full((chunk, n + 1), -1, rows.dtype), np.empty((chunk, n + 1), rows.dtype)

    def total(indices, weights):
        np.take(whole(rows), indices, out=whole(drawn), mode="clip")
        extended[:, :n] = weights
        np.einsum("rsd,rd->rs", drawn, extended, out=residuals)
        np.einsum("rs,rsd->rd", residuals, drawn, out=sums)
        return sums[:, :n]

    return total


def by_columns(rows, chunk, batch):
    """Gathers column by column: nothing but long contiguous loops."""
    columns = rows.T.copy()
    drawn = np.empty((len(columns), chunk, batch), rows.dtype)
    residuals, term = np.empty((chunk, batch), rows.dtype), np.empty((chunk, batch), rows.dtype)
    sums = np.empty((chunk, len(columns) - 1), rows.dtype)

    def total(indices, weights):
        for column, into in zip(columns, drawn):
            np.take(column, indices, out=into, mode="clip")
        np.negative(drawn[-1], out=residuals)
        for i, column in enumerate(drawn[:-1]):
            np.multiply(column, weights[:, i : i + 1], out=term)
            np.add(residuals, term, out=residuals)
        for i, column in enumerate(drawn[:-1]):
            np.einsum("rs,rs->r", residuals, column, out=sums[:, i])
        return sums

    return total


FORMULATIONS = {
    "one_coordinate": {"vectorised": one_coordinate},
    "student_t": {"standard_t": student_t},
    "momentum": {"stacked product": stacked, "whitened product": whitened},
    "minibatch": {
        "batched products": minibatch(by_products),
        "einsum": minibatch(by_einsum),
        "columns": minibatch(by_columns),
    },
}
# Kinds of jobs that it cannot do in a precision, and why.
MISSING = {("student_t", "f32"): "standard_t has no f32"}
PRECISIONS = {"f64": np.float64, "f32": np.float32}
CHUNKS = {
    "one_coordinate": [1000, 2500, 5000, 10000],
    "student_t": [1000, 2500, 5000],
    "momentum": [500, 1000, 2500, 5000],
    "minibatch": [50, 100, 250, 500],
}
