//! The verbs of the hand-over: handing over, accepting, rejecting, closing.
