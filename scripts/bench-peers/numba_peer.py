"""The jobs in Numba: loops over replicas, compiled, state in registers or the first cache, noise by NumPy's own
Generator(SFC64), which Numba compiles in. Interface and scaling of the state as in numpy_peer.py."""

import numba
import numpy as np
from numba import njit

VERSIONS = {"Numba": numba.__version__}


def generator(problem):
    return np.random.Generator(np.random.SFC64(problem["seed"]))


@njit(fastmath=True)
def one_coordinate_loop(rng, out, factor, steps):
    for replica in range(len(out)):
        u = 0.0
        for _ in range(steps):
            u = factor * u + rng.standard_normal()
        out[replica] = u


@njit(fastmath=True)
def student_t_loop(rng, out, factor, steps, degrees):
    for replica in range(len(out)):
        u = 0.0
        for _ in range(steps):
            u = factor * u + rng.standard_t(degrees)
        out[replica] = u


def one_coordinate(problem, chunk, dtype):
    rng, steps = generator(problem), problem["steps"]
    curvature, deviation = problem["hessian"][0][0], problem["covariance"][0][0] ** 0.5
    u = np.empty(chunk)

    def descend(learning_rate):
        one_coordinate_loop(rng, u, 1 - learning_rate * curvature, steps)
        return u * (learning_rate * deviation)

    return descend


def student_t(problem, chunk, dtype):
    rng, steps, degrees = generator(problem), problem["steps"], float(problem["degrees"])
    curvature, variance = problem["hessian"][0][0], problem["covariance"][0][0]
    deviation = (variance * (degrees - 2) / degrees) ** 0.5
    u = np.empty(chunk)

    def descend(learning_rate):
        student_t_loop(rng, u, 1 - learning_rate * curvature, steps, degrees)
        return u * (learning_rate * deviation)

    return descend


def momentum(problem, chunk, dtype):
    """In coordinates w = λFu in which the noise is the identity. The dimension is a constant of the compiled loop."""
    rng, steps, keep = generator(problem), problem["steps"], problem["momentum"]
    hessian, factor = np.array(problem["hessian"]), np.linalg.cholesky(problem["covariance"])
    inside, n = np.linalg.solve(factor, hessian @ factor), len(hessian)

    @njit(fastmath=True)
    def loop(rng, out, columns, keep, steps):
        velocity, gradient = np.empty(n), np.empty(n)
        for replica in range(len(out)):
            u = out[replica]
            u[:] = 0.0
            velocity[:] = 0.0
            for _ in range(steps):
                for i in range(n):
                    gradient[i] = rng.standard_normal()
                for j in range(n):
                    weight = u[j]
                    for i in range(n):
                        gradient[i] += columns[j, i] * weight
                for i in range(n):
                    velocity[i] = keep * velocity[i] + gradient[i]
                    u[i] -= velocity[i]

    out = np.empty((chunk, n))

    def descend(learning_rate):
        loop(rng, out, np.ascontiguousarray(learning_rate * inside.T), keep, steps)
        return learning_rate * (out @ factor[0])

    return descend


def minibatch(index):
    """`index` draws the number of an example."""

    def make(problem, chunk, dtype):
        rng, steps, batch = generator(problem), problem["steps"], problem["batch_size"]
        inputs, targets = np.array(problem["inputs"]), np.array(problem["targets"])
        rows = np.hstack([inputs, targets[:, None]])
        minimum = np.linalg.lstsq(inputs, targets, rcond=None)[0]
        n = len(minimum)

        @njit(fastmath=True)
        def loop(rng, out, rows, minimum, step, steps):
            gradient = np.empty(n)
            for replica in range(len(out)):
                w = out[replica]
                w[:] = minimum
                for _ in range(steps):
                    gradient[:] = 0.0
                    for _ in range(batch):
                        row = rows[index(rng, len(rows))]
                        residual = -row[n]
                        for i in range(n):
                            residual += row[i] * w[i]
                        for i in range(n):
                            gradient[i] += residual * row[i]
                    for i in range(n):
                        w[i] -= step * gradient[i]

        out = np.empty((chunk, n))

        def descend(learning_rate):
            loop(rng, out, rows, minimum, learning_rate / batch, steps)
            return out[:, 0] - minimum[0]

        return descend

    return make


@njit(fastmath=True)
def by_integers(rng, size):
    return rng.integers(0, size)


@njit(fastmath=True)
def by_random(rng, size):
    return int(rng.random() * size)


FORMULATIONS = {
    "one_coordinate": {"steps innermost": one_coordinate},
    "student_t": {"steps innermost": student_t},
    "momentum": {"whitened, steps innermost": momentum},
    "minibatch": {"rng.integers": minibatch(by_integers), "rng.random": minibatch(by_random)},
}
# Kinds of jobs that it cannot do in a precision, and why.
MISSING = {}
PRECISIONS = {"f64": np.float64}
# Replicas do not share work: the chunk hardly matters.
CHUNKS = {"one_coordinate": [1000], "student_t": [1000], "momentum": [1000], "minibatch": [100]}
