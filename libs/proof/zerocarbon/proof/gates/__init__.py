"""Gates: the rules that stand between a closed inventory and a statement, one pure function each."""
