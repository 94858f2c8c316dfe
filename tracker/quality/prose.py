"""What the page about quality says in words: of each labelled set, of the figures, and of what they leave out."""

from __future__ import annotations

TITLE = "How good are the tags and links?"

INTRODUCTION = (
    "Measured with `ostpulse evaluate` on labelled posts that tagger and linker were not fitted on. These are the "
    "figures of the packaged models; those of your own posts come from `ostpulse label` and then `ostpulse evaluate`."
)

SETS = {
    "posts_dev": (
        "Real public posts on music and entertainment, most of them not about an OST: they measure the tag alone. They "
        "were drawn to hold many covers, edits, challenges, reactions and traps. Two annotators labelled each without "
        "seeing the other's label, and only posts with the same label were kept; they agreed on 95 % (kappa 0.93), and "
        "one measured against the other reaches a macro-F1 of 0.94."
    ),
    "cases_dev": (
        "Invented hard cases for linking and tagging, each written to test one phenomenon. No sample of anything: an "
        "easy post is not among them."
    ),
    "links_dev": (
        "Real public posts that name something spelt like a song of the catalogue or that speak of a K-drama. Most are "
        "traps: few name a song. The label is what both of two annotators named. The figure to look at is the number "
        "of wrong links; there are too few songs for the recall to say much."
    ),
}
"""What is known of the labelled sets, by the stem of their file, in the order of the page."""

READING = (
    "**Precision** is how much of what was said is right, **recall** how much of what is true was said, **F1** their "
    "harmonic mean, **macro-F1** the plain mean of the F1 of all tags that were meant or said, so that a rare tag "
    "counts as much as a frequent one.",
    "In brackets stands the 95 % interval: with so few posts the true figure could well lie anywhere in it. It is "
    "Wilson's for shares; that of F1 follows from the share right / (right + wrong + missed), that of macro-F1 from "
    "the variance of Takahashi et al. (2022), a little too narrow below 100 posts. It takes posts as independent and "
    "says nothing of how they were drawn.",
    "A figure from fewer than 30 posts is marked **too few**: do not believe it, whichever way it points.",
    "**Calibration error** is the mean distance between how sure the tagger says it is and how often it is right, over "
    "ten equal bins of its top probability. The **Brier score** goes from 0 (certain and right) to 2 (certain and "
    "wrong).",
    "**The keyword rule** is what anyone would write first: a tag where one of its words stands in the post, a song "
    "where its title stands there with its drama, its singer or a word for OST (`models/evaluation/keyword_rule.py`). "
    "The models are worth what they do better.",
)

SILENCE = (
    "None of these sets is a sample of what a collector meets. `posts_dev` holds more covers, edits, challenges and "
    "reactions than a stream does, and it lacks the posts on which two people disagree, which are the hard ones. "
    "`cases_dev` was invented. Precision moves with the mix: label your own posts to know yours.",
    "No weight was fitted on these files. That a link counts from .50 on was chosen on the rows whose id hashes even; "
    "the other rows agree. While the models were made their authors looked at samples of what failed, and wrote "
    "general rules and training lines of these kinds after that. Expect less on posts that nobody has looked at.",
    "A language or a platform that is missing from a table was not measured, and one that is marked too few hardly.",
    "Links are judged against the packaged catalogue: a song that it lacks is neither found nor missed.",
    "What was written for ostpulse itself (the training corpus, the archive of the demo) is measured nowhere on this "
    "page: a model knows its own school books.",
)
