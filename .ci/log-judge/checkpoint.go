package main

import (
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"strings"
)

// open verifies the signature of a checkpoint and answers the tree it names. The first line of a checkpoint is the log's name; the lines
// after it are those of a tree of the Go checksum database.
func open(verifierKey, checkpoint string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	return treeIn(verifier.Name(), signed.Text)
}

func treeIn(origin, text string) (tlog.Tree, error) {
	first, rest, _ := strings.Cut(text, "\n")
	if first != origin {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is of %q, and signed by %q", first, origin)
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}
