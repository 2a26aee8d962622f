"""Linear quantile regression for many quantiles: the Frisch–Newton interior point.

Source: S. Portnoy and R. Koenker (1997), "The Gaussian hare and the Laplacian tortoise",
Statistical Science 12, 279–300. The quantiles are taken outwards from the median, each begun from
its neighbour: pupils who are far from the neighbour's line are on a known side of the next one too
and are summed into one row a side, which leaves the solution what it is (their section 5; V.
Chernozhukov, I. Fernández-Val and B. Melly, 2022, Empirical Economics 62, 7–33).
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# The duality gap, as a share of the loss, at which a solution counts as exact.
EXACT = 1e-10
STEP_BACK, MOST_STEPS = 0.99995, 100
LEAST_TO_SHORTEN = 1_000
# Columns are independent where the least of their squared sizes is this share of the most.
ENOUGH = 1e-9


def fit_quantiles(design: Array, outcome: Array, quantiles: Array) -> Array:
    """Coefficients that minimise the quantile loss, one row a quantile.

    `design` is pupils × columns and of full column rank, with a constant among them; `outcome` has
    one value a pupil in any unit; `quantiles` lie between 0 and 1 and rise. The loss is within
    1e-8 of the least, relative to it.
    """
    centre, spread = float(np.median(outcome)), float(outcome.std()) or 1.0
    scaled = (outcome - centre) / spread
    found = np.empty((len(quantiles), design.shape[1]))
    middle = int(np.abs(quantiles - 0.5).argmin())
    leverage = _leverage(design)
    found[middle] = _solve(design, scaled, quantiles[middle])
    for way in (1, -1):
        at = middle + way
        while 0 <= at < len(quantiles):
            found[at] = _beside(design, scaled, quantiles[at], found[at - way], leverage)
            at += way
    constant = np.linalg.lstsq(design, np.full(len(outcome), centre), rcond=None)[0]
    return found * spread + constant


def quantile_loss(design: Array, outcome: Array, coefficients: Array, quantile: float) -> float:
    """Σ of quantile × what is above the line and (1 − quantile) × what is below."""
    residual = outcome - design @ coefficients
    return float(np.sum(residual * (quantile - (residual < 0))))


def _leverage(design: Array) -> Array:
    """How far each pupil's line moves with the coefficients."""
    triangle = np.linalg.cholesky(design.T @ design)
    return np.sqrt(np.sum(np.linalg.solve(triangle, design.T) ** 2, axis=0)) + 1e-12


def _beside(design: Array, outcome: Array, quantile: float, start: Array, leverage: Array) -> Array:
    """The solution beside a known one, worked out from the pupils near that one's line."""
    pupils, columns = design.shape
    near = int(max(LEAST_TO_SHORTEN, 0.05 * pupils, 3 * np.sqrt(pupils * columns)))
    place = (outcome - design @ start) / leverage
    while near < 0.7 * pupils:
        share = near / (2 * pupils)
        low, high = np.quantile(place, [max(quantile - share, 0), min(quantile + share, 1)])
        below, above = place < low, place > high
        for _ in range(4):
            found = _shortened(design, outcome, quantile, below, above)
            if found is None:
                break
            residual = outcome - design @ found
            wrong_below, wrong_above = below & (residual > 0), above & (residual < 0)
            wrong = int(wrong_below.sum() + wrong_above.sum())
            if not wrong:
                return found
            if wrong > 0.1 * near:
                break
            below &= ~wrong_below
            above &= ~wrong_above
        near *= 2
    return _solve(design, outcome, quantile)


def _shortened(
    design: Array, outcome: Array, quantile: float, below: Any, above: Any
) -> Array | None:
    """The solution if those `below` and `above` the line are summed into a row each.

    None where those between do not tell every coefficient, as with few different scores.
    """
    between = ~(below | above)
    size = np.linalg.eigvalsh(design[between].T @ design[between])
    if not size[0] > ENOUGH * size[-1]:
        return None
    rows, values = [design[between]], [outcome[between]]
    for side in (below, above):
        if side.any():
            rows.append((side.astype(float) @ design)[np.newaxis])
            values.append(np.array([outcome[side].sum()]))
    return _solve(np.vstack(rows), np.concatenate(values), quantile)


def _solve(design: Array, outcome: Array, quantile: float) -> Array:
    """Mehrotra's predictor and corrector on the dual: max outcome·x, design'x fixed, 0 ≤ x ≤ 1.

    `x` and `s` = 1 − x are the bounds' slacks, `z` and `w` their multipliers.
    """
    pupils = len(outcome)
    x, s = np.full(pupils, 1 - quantile), np.full(pupils, quantile)
    dual = -np.linalg.solve(design.T @ design, design.T @ outcome)  # least squares
    r = -outcome - design @ dual
    inside = 0.1 * float(np.abs(r).mean()) + 1e-8
    z, w = np.maximum(r, 0) + inside, np.maximum(-r, 0) + inside
    for _ in range(MOST_STEPS):
        gap = float(z @ x + w @ s)
        residual = outcome + design @ dual
        loss = float(np.sum(residual * (quantile - (residual < 0))))
        if gap <= EXACT * loss + 1e-14 * pupils:
            break
        of_x, of_s = 1 / x, 1 / s
        q = 1 / (z * of_x + w * of_s)
        r = z - w
        weighted = design * q[:, np.newaxis]
        normal = weighted.T @ design
        step = _direction(normal, weighted.T @ r)
        if step is None:
            break
        dx = q * (design @ step - r)
        # Shares by which x and s change; z and w change by minus one and minus, or plus, the same.
        share_x, share_s = dx * of_x, dx * of_s
        low_x, high_x = float(share_x.min()), float(share_x.max())
        low_s, high_s = float(share_s.min()), float(share_s.max())
        primal, other = _length(-low_x, high_s), _length(1 + high_x, 1 - low_s)
        dz, dw = -z * (1 + share_x), -w * (1 - share_s)
        if min(primal, other) < 1:
            left = (z + other * dz) @ (x + primal * dx) + (w + other * dw) @ (s - primal * dx)
            centre = gap * float(left / gap) ** 3 / (2 * pupils)
            cross_x, cross_s = dx * dz, -dx * dw
            r = r - (centre - cross_x) * of_x + (centre - cross_s) * of_s
            step = _direction(normal, weighted.T @ r)
            if step is None:
                break
            dx = q * (design @ step - r)
            dz = (centre - cross_x - z * dx) * of_x - z
            dw = (centre - cross_s + w * dx) * of_s - w
            primal = _length(-float((dx * of_x).min()), float((dx * of_s).max()))
            other = _length(-float((dz / z).min()), -float((dw / w).min()))
        x, s = x + primal * dx, s - primal * dx
        z, w, dual = z + other * dz, w + other * dw, dual + other * step
    return -dual


def _direction(normal: Array, right: Array) -> Array | None:
    """The Newton step; None where the last digits of the machine are used up."""
    try:
        found: Array = np.linalg.solve(normal, right)
    except np.linalg.LinAlgError:
        return None
    return found if np.isfinite(found).all() else None


def _length(*shares: float) -> float:
    """How far one may go before anything reaches nought, at most 1; it falls by these shares."""
    return min(1.0, STEP_BACK / max(*shares, STEP_BACK))
