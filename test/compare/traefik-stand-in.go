// Runs Traefik's plugin on requests from standard input: name, tab, value, tab… a line.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"example.com/compare/credential"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		request := httptest.NewRequest(http.MethodGet, "/v1/models", nil)
		words := strings.Split(lines.Text(), "\t")
		for i := 0; i+1 < len(words); i += 2 {
			request.Header.Add(words[i], words[i+1])
		}
		out := []string{}
		next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			for name, values := range r.Header {
				for _, value := range values {
					out = append(out, name, value)
				}
			}
		})
		handler, err := credential.New(context.Background(), next, credential.CreateConfig(), "")
		if err != nil {
			panic(err)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		switch {
		case answer.Code != http.StatusOK:
			fmt.Println(answer.Code)
		case len(out) == 0:
			fmt.Println("-")
		default:
			fmt.Println(strings.Join(out, "\t"))
		}
	}
}
