DROP TABLE watch_words;
DROP TABLE commitment_ends;
DROP TABLE commitments;
DROP TABLE packs;
DROP TABLE peer_groups;
