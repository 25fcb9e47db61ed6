//! The leaderboard.
