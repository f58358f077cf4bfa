"""Evidence that speaks to the model instead of to the reader is no evidence."""

import re

# Conservative on purpose: guidelines are full of instructions to people, which must stay quotable.
_PATTERN = re.compile(
    r"\b(?:ignore|disregard|forget|override|drop)\b.{0,20}\b(?:previous|prior|above|earlier|preceding|all|your|the)\b"
    r".{0,25}\b(?:instructions?|prompts?|orders|tasks|assignments|directions?|system messages?)\b"
    r"|\b(?:ignore|forget) (?:about )?(?:everything|all)\b(?! the| you (?:ate|did))|\bignore (?:the )?above\b"
    r"|\byou are (?:now )?(?:an? )?(?:\w+ )?(?:ai|language model|chatbot|chatgpt|gpt|llm|assistant named)\b"
    r"|\b(?:system|developer) prompt\b|\bnew (?:instructions|tasks) (?:now )?follow\b"
    r"|\b(?:as an ai|new instructions?:|</?(?:system|assistant|user)>|\[/?inst\]|<\|im_(?:start|end)\|>)"
    r"|\b(?:reveal|print|repeat|output|show)\b.{0,25}\b(?:your|the|all)\b.{0,12}\b(?:prompts?|instructions)\b"
    r"|\b(?:vergiss|ignoriere|ignorieren sie)\b.{0,20}\b(?:alles|alle|anweisungen)\b",
    re.IGNORECASE | re.DOTALL,
)


def addresses_model(text: str) -> bool:
    """Whether a sentence gives orders to a language model."""
    return _PATTERN.search(text) is not None
