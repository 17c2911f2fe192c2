package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	cosigned "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// configuration of a witness: the key it signs with, as `note.GenerateKey` writes it, and the keys of the logs that it knows.
type configuration struct {
	SignerKey string   `json:"signer_key"`
	Logs      []string `json:"logs"`
}

// witness is one as C2SP tlog-witness describes it, with its memory in memory.
type witness struct {
	signer note.Signer
	logs   map[string]note.Verifier
	mutex  sync.Mutex
	seen   map[string]tlog.Tree
}

// refusal is an answer other than a cosignature.
type refusal struct {
	status int
	kind   string
	body   string
}

func serveWitness(input io.Reader) error {
	var given configuration
	if err := json.NewDecoder(input).Decode(&given); err != nil {
		return err
	}
	signer, err := cosigned.NewSignerForCosignatureV1(given.SignerKey)
	if err != nil {
		return err
	}
	one := &witness{signer: signer, logs: map[string]note.Verifier{}, seen: map[string]tlog.Tree{}}
	for _, key := range given.Logs {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return err
		}
		one.logs[verifier.Name()] = verifier
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	http.HandleFunc("POST /add-checkpoint", func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(io.LimitReader(request.Body, 1<<20))
		if err != nil {
			return
		}
		cosignature, refused := one.add(string(body))
		if refused != nil {
			if refused.kind != "" {
				answer.Header().Set("Content-Type", refused.kind)
			}
			answer.WriteHeader(refused.status)
			io.WriteString(answer, refused.body)
			return
		}
		io.WriteString(answer, cosignature)
	})
	return http.Serve(listener, nil)
}

// add judges a request in the order of the specification: form, log, signature, old size, proof.
func (w *witness) add(body string) (string, *refusal) {
	header, checkpoint, found := strings.Cut(body, "\n\n")
	lines := strings.Split(header, "\n")
	digits, isOld := strings.CutPrefix(lines[0], "old ")
	old, err := strconv.ParseInt(digits, 10, 64)
	if !found || !isOld || err != nil || len(lines) > 64 {
		return "", &refusal{status: http.StatusBadRequest, body: "malformed"}
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", &refusal{status: http.StatusBadRequest, body: "malformed"}
		}
		proof = append(proof, hash)
	}
	origin, _, _ := strings.Cut(checkpoint, "\n")
	verifier, known := w.logs[origin]
	if !known {
		return "", &refusal{status: http.StatusNotFound, body: "unknown log"}
	}
	signed, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		return "", &refusal{status: http.StatusForbidden, body: "not signed"}
	}
	tree, err := treeIn(origin, signed.Text)
	if err != nil || old > tree.N {
		return "", &refusal{status: http.StatusBadRequest, body: "malformed"}
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	seen := w.seen[origin]
	if old != seen.N {
		return "", &refusal{http.StatusConflict, "text/x.tlog.size", fmt.Sprintf("%d\n", seen.N)}
	}
	if err := continues(proof, tree, seen); err != nil {
		if seen.N == tree.N && seen.Hash != tree.Hash {
			return "", &refusal{http.StatusConflict, "text/x.tlog.size", fmt.Sprintf("%d\n", seen.N)}
		}
		return "", &refusal{status: http.StatusUnprocessableEntity, body: err.Error()}
	}
	signature, err := w.signer.Sign([]byte(signed.Text))
	if err != nil {
		return "", &refusal{status: http.StatusInternalServerError, body: err.Error()}
	}
	w.seen[origin] = tree
	hash := w.signer.KeyHash()
	named := append([]byte{byte(hash >> 24), byte(hash >> 16), byte(hash >> 8), byte(hash)}, signature...)
	return fmt.Sprintf("— %s %s\n", w.signer.Name(), base64.StdEncoding.EncodeToString(named)), nil
}

func continues(proof tlog.TreeProof, tree, seen tlog.Tree) error {
	if seen.N == 0 || seen.N == tree.N {
		if len(proof) > 0 {
			return errors.New("a proof where none belongs")
		}
		if seen.N == tree.N && seen.N > 0 && seen.Hash != tree.Hash {
			return errors.New("another tree of the same size")
		}
		return nil
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, seen.N, seen.Hash)
}
