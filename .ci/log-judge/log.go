package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Levels of the tree in one tile, as tlog-tiles has them.
const height = 8

// tiles reads tiles of a served log.
type tiles struct{ address string }

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		// The checksum database names the height in its paths; tlog-tiles has one height and does not.
		bytes, err := t.get(strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

// entries answers the entries of a bundle: each after its length in two bytes.
func (t tiles) entries(index int64, width int) ([][]byte, error) {
	path := tlog.Tile{H: height, L: 0, N: index, W: width}.Path()
	bytes, err := t.get(strings.Replace(path, fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1))
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for len(bytes) > 0 {
		if len(bytes) < 2 || len(bytes) < 2+int(binary.BigEndian.Uint16(bytes)) {
			return nil, errors.New("a bundle ends within an entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(bytes))
		all = append(all, bytes[2:end])
		bytes = bytes[end:]
	}
	if len(all) != width {
		return nil, fmt.Errorf("a bundle has %d entries instead of %d", len(all), width)
	}
	return all, nil
}

func (t tiles) get(path string) ([]byte, error) {
	answer, err := http.Get(t.address + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", path, answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}

func judgeLog(verifierKey, address string) error {
	served := tiles{address}
	checkpoint, err := served.get("checkpoint")
	if err != nil {
		return err
	}
	tree, err := open(verifierKey, string(checkpoint))
	if err != nil {
		return err
	}
	// Holds every tile against the root that was signed.
	hashes := tlog.TileHashReader(tree, served)
	for index := int64(0); index < tree.N; index += 1 << height {
		width := int(min(tree.N-index, 1<<height))
		entries, err := served.entries(index>>height, width)
		if err != nil {
			return err
		}
		for at, entry := range entries {
			n := index + int64(at)
			proof, err := tlog.ProveRecord(tree.N, n, hashes)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", n, err)
			}
		}
	}
	for size := int64(1); size <= tree.N; size++ {
		root, err := tlog.TreeHash(size, hashes)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(tree.N, size, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, root); err != nil {
			return fmt.Errorf("size %d: %w", size, err)
		}
	}
	fmt.Printf("%d entries verified, root %s\n", tree.N, tree.Hash)
	return nil
}
