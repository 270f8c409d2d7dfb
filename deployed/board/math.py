"""The little of CloudWatch's metric math that our alarms and charts use, reckoned here: of one period at a time."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}

Values = Mapping[str, float | None]  # by the names in the expression; None: nothing was told


def value_of(expression: str, values: Values) -> float | None:
    """What is reckoned with something that is missing is missing, as is what is divided by nothing.

    Raises NotImplementedError of what is not used here.
    """
    text = expression.replace(" AND ", " and ").replace(" OR ", " or ")
    return _value(ast.parse(text, mode="eval").body, values)


def _value(node: ast.expr, values: Values) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            found: float | None = float(number)
        case ast.Name(id=name):
            found = values[name]
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            found = _both(op, _value(left, values), _value(right, values))
        case ast.BoolOp(op=op, values=parts):
            each = [_value(part, values) for part in parts]
            found = None if None in each else float((all if isinstance(op, ast.And) else any)(each))
        case ast.Call(func=ast.Name(id="FILL"), args=[series, instead]):
            known = _value(series, values)
            found = _value(instead, values) if known is None else known
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            holds = _value(condition, values)
            found = None if holds is None else _value(then if holds else otherwise, values)
        case _:
            raise NotImplementedError(ast.dump(node))
    return found


def _both(op: ast.AST, first: float | None, second: float | None) -> float | None:
    if first is None or second is None or (isinstance(op, ast.Div) and second == 0):
        return None
    return float(_OPERATORS[type(op)](first, second))
