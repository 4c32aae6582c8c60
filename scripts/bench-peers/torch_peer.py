"""The jobs in PyTorch on one core, f32: its vectorised normal samples, in place, a chunk of replicas at a time.
Interface and scaling of the state as in numpy_peer.py."""

import numpy as np
import torch
from torch.distributions import StudentT

torch.set_num_threads(1)
VERSIONS = {"PyTorch": torch.__version__}


def generator(problem):
    return torch.Generator().manual_seed(problem["seed"])


def one_coordinate(problem, chunk, dtype):
    rng = generator(problem)
    curvature, deviation, steps = problem["hessian"][0][0], problem["covariance"][0][0] ** 0.5, problem["steps"]
    u, z = torch.empty(chunk, dtype=dtype), torch.empty(chunk, dtype=dtype)

    def descend(learning_rate):
        factor = 1 - learning_rate * curvature
        u.zero_()
        for _ in range(steps):
            z.normal_(generator=rng)
            u.mul_(factor).add_(z)
        return (u * (learning_rate * deviation)).numpy()

    return descend


def student_t(problem, chunk, dtype):
    """PyTorch's own Student t, which draws from its global generator."""
    torch.manual_seed(problem["seed"])
    degrees, steps = problem["degrees"], problem["steps"]
    curvature, variance = problem["hessian"][0][0], problem["covariance"][0][0]
    deviation = (variance * (degrees - 2) / degrees) ** 0.5
    law, u = StudentT(torch.tensor(float(degrees), dtype=dtype)), torch.empty(chunk, dtype=dtype)

    def descend(learning_rate):
        factor = 1 - learning_rate * curvature
        u.zero_()
        for _ in range(steps):
            u.mul_(factor).add_(law.sample((chunk,)))
        return (u * (learning_rate * deviation)).numpy()

    return descend


def stacked(problem, chunk, dtype):
    rng = generator(problem)
    hessian, factor = np.array(problem["hessian"]), np.linalg.cholesky(problem["covariance"])
    both, n, steps, keep = np.hstack([hessian, factor]), len(hessian), problem["steps"], problem["momentum"]
    state = torch.empty((2 * n, chunk), dtype=dtype)
    weights, noise = state[:n], state[n:]
    velocity, gradient = torch.empty((n, chunk), dtype=dtype), torch.empty((n, chunk), dtype=dtype)

    def descend(learning_rate):
        matrix = torch.tensor(learning_rate * both, dtype=dtype)
        weights.zero_()
        velocity.zero_()
        for _ in range(steps):
            noise.normal_(generator=rng)
            torch.mm(matrix, state, out=gradient)
            velocity.mul_(keep).add_(gradient)
            weights.sub_(velocity)
        return weights[0].numpy()

    return descend


def whitened(problem, chunk, dtype):
    rng = generator(problem)
    hessian, factor = np.array(problem["hessian"]), np.linalg.cholesky(problem["covariance"])
    inside, n, steps = np.linalg.solve(factor, hessian @ factor), len(hessian), problem["steps"]
    u, noise, velocity = (torch.empty((n, chunk), dtype=dtype) for _ in range(3))
    keep = problem["momentum"]

    def descend(learning_rate):
        matrix = torch.tensor(learning_rate * inside, dtype=dtype)
        u.zero_()
        velocity.zero_()
        for _ in range(steps):
            noise.normal_(generator=rng)
            noise.addmm_(matrix, u)
            velocity.mul_(keep).add_(noise)
            u.sub_(velocity)
        return learning_rate * (factor[0] @ u.numpy())

    return descend


def minibatch(problem, chunk, dtype):
    rng = generator(problem)
    rows = torch.tensor(np.hstack([problem["inputs"], np.array(problem["targets"])[:, None]]), dtype=dtype)
    steps, batch, size, n = problem["steps"], problem["batch_size"], len(rows), rows.shape[1] - 1
    minimum = torch.linalg.lstsq(rows[:, :n], rows[:, n:]).solution[:, 0]
    weights, extended = torch.empty((chunk, n), dtype=dtype), torch.full((chunk, n + 1, 1), -1.0, dtype=dtype)
    drawn = torch.empty((chunk * batch, n + 1), dtype=dtype)
    residuals, sums = torch.empty((chunk, batch, 1), dtype=dtype), torch.empty((chunk, 1, n + 1), dtype=dtype)
    indices = torch.empty(chunk * batch, dtype=torch.int32)

    def descend(learning_rate):
        weights.copy_(minimum.expand(chunk, n))
        for _ in range(steps):
            indices.random_(size, generator=rng)
            torch.index_select(rows, 0, indices, out=drawn)
            examples = drawn.view(chunk, batch, n + 1)
            extended[:, :n, 0] = weights
            torch.bmm(examples, extended, out=residuals)
            torch.bmm(residuals.transpose(1, 2), examples, out=sums)
            weights.sub_(sums[:, 0, :n], alpha=learning_rate / batch)
        return (weights[:, 0] - minimum[0]).numpy()

    return descend


FORMULATIONS = {
    "one_coordinate": {"vectorised": one_coordinate},
    "student_t": {"StudentT.sample": student_t},
    "momentum": {"stacked product": stacked, "whitened product": whitened},
    "minibatch": {"batched products": minibatch},
}
# Kinds of jobs that it cannot do in a precision, and why.
MISSING = {}
PRECISIONS = {"f32": torch.float32}
CHUNKS = {
    "one_coordinate": [2500, 5000, 10000],
    "student_t": [2500, 10000],
    "momentum": [500, 1000, 2500, 5000, 10000],
    "minibatch": [100, 250, 500],
}
