package main

import (
	"encoding/json"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"
)

// judged is what is checked: a checkpoint, entries that are in its tree, and older checkpoints that it continues.
type judged struct {
	VerifierKey string `json:"verifier_key"`
	Checkpoint  string `json:"checkpoint"`
	Records     []struct {
		Index int64       `json:"index"`
		Entry []byte      `json:"entry"`
		Path  []tlog.Hash `json:"path"`
	} `json:"records"`
	Older []struct {
		Checkpoint string      `json:"checkpoint"`
		Path       []tlog.Hash `json:"path"`
	} `json:"older"`
}

func judgeProof(input io.Reader) error {
	var given judged
	decoder := json.NewDecoder(input)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	tree, err := open(given.VerifierKey, given.Checkpoint)
	if err != nil {
		return err
	}
	for _, record := range given.Records {
		if err := tlog.CheckRecord(record.Path, tree.N, tree.Hash, record.Index, tlog.RecordHash(record.Entry)); err != nil {
			return fmt.Errorf("record %d: %w", record.Index, err)
		}
	}
	for _, each := range given.Older {
		older, err := open(given.VerifierKey, each.Checkpoint)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(each.Path, tree.N, tree.Hash, older.N, older.Hash); err != nil {
			return fmt.Errorf("size %d: %w", older.N, err)
		}
	}
	fmt.Printf("%d records and %d older checkpoints verified at size %d\n", len(given.Records), len(given.Older), tree.N)
	return nil
}
