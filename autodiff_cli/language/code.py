"""What is pasted from programs: `np.exp(x)`, `n.exp()`, `pow(a, b)`, `x[0]`, `a if c else b`."""

from __future__ import annotations

from collections.abc import Collection

from autodiff_cli.errors import ExpressionError, shortened
from autodiff_cli.language.lexemes import NEWLINE, Group, Item, Lexeme, goes_on, is_word, split
from autodiff_cli.language.meant import MODULES, OF_MODULES, SYNONYMS, advice
from autodiff_cli.ops import COMPARISONS, CONSTANTS, FUNCTIONS

#: Methods that take a value out of a tensor, or change none.
_KEEPS = frozenset(("item", "detach", "clone", "float", "double", "numpy", "data"))


#: Signs between which each part has choices of its own: arguments, statements, their two sides.
_DIVIDES = (",", ";", "=", ":=", "+=", "-=", "*=", "/=")


class Code:
    """Rewrites the forms of programs in lists of items.

    Args:
        text: the whole text, for errors.
        given: names that have a value, and so are variables whatever else they could mean.
        remarks: gets what the reader should know of how the text was understood.
    """

    def __init__(self, text: str, given: Collection[str], remarks: list[str]) -> None:
        self.text, self.given, self.remarks = text, given, remarks

    def rewritten(self, items: list[Item]) -> list[Item]:
        """Return items in which calls, indices and conditions are the program's own."""
        out: list[Item] = []
        todo = list(reversed(items))
        chosen = False
        while todo:
            item = todo.pop()
            if isinstance(item, Group):
                if not self.index(item, out):
                    out.append(item)
            elif item.text[0] == "." and item.text[1:2].isalpha():
                self.dotted(item, out, todo)
            elif item.text in SYNONYMS and item.text not in self.given:
                self.synonym(item, SYNONYMS[item.text], out, todo)
            else:
                chosen = chosen or item.text in ("if", "else")
                out.append(item)
        return self.choices(out) if chosen and "if" not in self.given else out

    def synonym(self, word: Lexeme, meant: str, out: list[Item], todo: list[Item]) -> None:
        """Put a function under its name here; powers as powers."""
        following = todo[-1] if todo else None
        if not isinstance(following, Group):
            out.append(word)
        elif meant[0] != "^":
            out.append(Lexeme(meant, word.column, word.end))
        else:
            todo.pop()
            parts = split(following.items, ",")
            two: list[Item] | None = (
                [Lexeme(meant[1:], word.column, word.end)] if meant[1:] else None
            )
            if len(parts) != (1 if two else 2) or not all(parts):
                arguments = "(x)" if two else "(a, b), or a^b"
                message = f"{word.text} takes {'one argument' if two else 'two arguments'}"
                mend = f"write {word.text}{arguments}"
                raise ExpressionError(message, self.text, word.column, mend=mend)
            base = Group("(", following.column, parts[0])
            exponent = Group("(", following.column, two or parts[1])
            sign = Lexeme("^", word.column, word.end)
            whole = Group("(", word.column, [base, sign, *self.plain(exponent)])
            whole.end = following.end
            out.append(whole)

    def plain(self, group: Group) -> list[Item]:
        """Return a group's items without its brackets where these only hold a number."""
        items = group.items
        last = items[-1] if items else None
        number = isinstance(last, Lexeme) and last.text[0].isdigit()
        return items if number and (len(items) == 1 or is_word(items[0], "-")) else [group]

    def dotted(self, word: Lexeme, out: list[Item], todo: list[Item]) -> None:
        """Take `.name`: of a module, or a method of what stands before it."""
        name = word.text[1:]
        before = out[-1] if out else None
        touches = before is not None and before.end == word.column
        if isinstance(before, Lexeme) and touches and before.text in MODULES:
            out.pop()
            self.of_module(Lexeme(name, before.column, word.end), out, todo)
            return
        following = todo[-1] if todo else None
        if before is None or not touches or not isinstance(following, Group):
            mend = "write 0.5 or .5 for a number, * for a product"
            message = "'.' is not part of an expression"
            raise ExpressionError(message, self.text, word.column, mend=mend)
        todo.pop()
        operand: list[Item] = [out.pop()]
        if isinstance(before, Group) and out and self.calls(out[-1], before):
            operand.insert(0, out.pop())
        if name in _KEEPS:
            out += operand
            return
        if name not in FUNCTIONS and name not in OF_MODULES:
            mend = advice(name) or "write its formula"
            if name in ("backward", "grad", "zero_grad", "requires_grad_"):
                mend = "leave it out: the gradient is what the program finds"
            message = f"'.{shortened(name)}' is no function of the table"
            raise ExpressionError(message, self.text, word.column, mend=mend)
        comma = [Lexeme(",", word.column, word.end)] if following.items else []
        call = Group("(", operand[0].column, [*operand, *comma, *following.items])
        call.end = following.end
        self.synonym(Lexeme(name, word.column, word.end), OF_MODULES.get(name, name), out, [call])
        if isinstance(out[-1], Lexeme):
            out.append(call)

    def calls(self, name: Item, bracket: Group) -> bool:
        """Tell whether a bracket belongs to the name before it."""
        return isinstance(name, Lexeme) and name.end == bracket.column and name.text[-1].isalnum()

    def of_module(self, word: Lexeme, out: list[Item], todo: list[Item]) -> None:
        """Put what a module's name stands for: a function, a constant, or a module in it."""
        name = word.text
        following = todo[-1] if todo else None
        if isinstance(following, Lexeme) and following.text[0] == "." and name in MODULES:
            out.append(word)
        elif name.lower() in CONSTANTS:
            out.append(Lexeme(name.lower(), word.column, word.end))
        elif name in OF_MODULES or name in FUNCTIONS:
            self.synonym(word, OF_MODULES.get(name, name), out, todo)
        else:
            message = f"'{shortened(name)}' is no function of the table"
            mend = advice(name) or "write its formula"
            raise ExpressionError(message, self.text, word.column, mend=mend)

    def index(self, group: Group, out: list[Item]) -> bool:
        """Take `[0]` after a name as a subscript; return whether it was one."""
        name = out[-1] if out else None
        if group.bracket != "[" or not isinstance(name, Lexeme) or name.end != group.column:
            return False
        if not name.text[0].isalpha() or name.text in FUNCTIONS:
            return False
        parts = split(group.items, ",")
        words = [part[0].text for part in parts if len(part) == 1 and isinstance(part[0], Lexeme)]
        if len(words) != len(parts) or not all(word.isalnum() for word in words):
            return False
        joined = "_".join((name.text, *words))
        out[-1] = Lexeme(joined, name.column, group.end)
        source = self.text[name.column : group.end]
        self.remarks.append(f"'{shortened(source)}' is the variable {shortened(joined)}")
        return True

    def choices(self, items: list[Item]) -> list[Item]:
        """Return items in which `a if c else b` is where(c, a, b)."""
        out: list[Item] = []
        part: list[Item] = []
        for item, following in zip(items, [*items[1:], None], strict=True):
            line = is_word(item, NEWLINE)
            if line and part and following is not None and goes_on(part[-1], following):
                continue
            if line or is_word(item, *_DIVIDES):
                out += [*self.choice(part), item]
                part = []
            else:
                part.append(item)
        return out + self.choice(part)

    def check_condition(self, condition: list[Item]) -> None:
        """Refuse a condition that compares nothing: no number is true or false here."""
        if not any(is_word(one, "<", ">", *COMPARISONS) for one in condition):
            message, mend = "a condition compares two numbers", "write a if x > 0 else b"
            raise ExpressionError(message, self.text, condition[0].column, mend=mend)

    def choice(self, items: list[Item]) -> list[Item]:
        """Return one argument, its conditions as where."""
        signs = [item for item in items if is_word(item, "if", "else")]
        for at, sign in enumerate(signs):
            if not is_word(sign, "if" if at % 2 == 0 else "else") or len(signs) % 2:
                message, mend = "a choice has an if and an else", "write a if x > 0 else b"
                raise ExpressionError(message, self.text, sign.column, mend=mend)
        parts = split(items, "if", "else")
        rest = parts.pop()
        while parts:
            condition, value = parts.pop(), parts.pop()
            if condition and all(isinstance(one, Lexeme) for one in condition):
                self.check_condition(condition)
            column = (value or condition or rest or signs)[0].column
            comma = Lexeme(",", column, column)
            group = Group("(", column, [*condition, comma, *value, comma, *rest])
            rest = [Lexeme("where", column, column), group]
        return rest
