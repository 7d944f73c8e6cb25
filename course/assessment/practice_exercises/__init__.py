"""Five tasks, and the end of the thread: MyTensor trains a network beside torch."""
