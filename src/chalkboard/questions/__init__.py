"""Questions to a learner: quizzes and predictions, judged here and kept on disk."""
