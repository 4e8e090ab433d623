package feed

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

// The schema of the feed in a short notation, for protobuf's own runtime, whose
// result Decode is compared with.
// Each line is a message with its fields in the order of their numbers;
// a star is a repeated field, a slash puts a field into a union.
const schemaText = `
FeedResponse: type Type, feeds map Feed, currentTs int64, marketInfo MarketInfo
Feed: ltpc/a LTPC, fullFeed/a FullFeed, firstLevelWithGreeks/a FirstLevelWithGreeks, requestMode RequestMode
LTPC: ltp double, ltt int64, ltq int64, cp double, iep .google.protobuf.DoubleValue
FullFeed: marketFF/a MarketFullFeed, indexFF/a IndexFullFeed
IndexFullFeed: ltpc LTPC, marketOHLC MarketOHLC
MarketFullFeed: ltpc LTPC, marketLevel MarketLevel, optionGreeks OptionGreeks, marketOHLC MarketOHLC, atp double, vtt int64, oi double, iv double, tbq double, tsq double, iep double, rp double, ieq int64, iiqTotal int64, iiqM int64, casEligible bool
FirstLevelWithGreeks: ltpc LTPC, firstDepth Quote, optionGreeks OptionGreeks, vtt int64, oi double, iv double
MarketLevel: bidAskQuote* Quote
Quote: bidQ int64, bidP double, askQ int64, askP double
MarketOHLC: ohlc* OHLC
OHLC: interval string, open double, high double, low double, close double, vol int64, ts int64
OptionGreeks: delta double, theta double, gamma double, vega double, rho double
MarketInfo: segmentStatus map MarketStatus, casMarketStatus map StatusInfo, preOpenSessionStatus map StatusInfo
StatusInfo: status string, updatedTime int64
`

const packageName = "feed.oracle"

// responseType returns the descriptor of FeedResponse.
var responseType = sync.OnceValue(func() protoreflect.MessageDescriptor {
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("oracle.proto"), Package: proto.String(packageName), Syntax: proto.String("proto3"),
		Dependency: []string{"google/protobuf/wrappers.proto"},
	}
	for name, values := range map[string][]string{"Type": typeNames, "RequestMode": modeNames, "MarketStatus": statusNames} {
		enum := &descriptorpb.EnumDescriptorProto{Name: proto.String(name)}
		for i, v := range values {
			if name == "RequestMode" && v == "ltpc" {
				v = "mode_ltpc" // a value's name must differ from the others of the file
			}
			enum.Value = append(enum.Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String(v), Number: proto.Int32(int32(i))})
		}
		file.EnumType = append(file.EnumType, enum)
	}
	for line := range strings.Lines(strings.TrimSpace(schemaText)) {
		name, fields, _ := strings.Cut(strings.TrimSpace(line), ": ")
		file.MessageType = append(file.MessageType, message(name, strings.Split(fields, ", ")))
	}
	d, err := protodesc.NewFile(file, protoregistry.GlobalFiles)
	if err != nil {
		panic(err)
	}
	return d.Messages().ByName("FeedResponse")
})

// message reads one line of schemaText.
func message(name string, fields []string) *descriptorpb.DescriptorProto {
	m := &descriptorpb.DescriptorProto{Name: proto.String(name)}
	for i, text := range fields {
		words := strings.Fields(text)
		f := &descriptorpb.FieldDescriptorProto{
			Number: proto.Int32(int32(i + 1)), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		}
		fieldName, union := words[0], false
		if fieldName, union = strings.CutSuffix(fieldName, "/a"); union {
			f.OneofIndex = proto.Int32(0)
			m.OneofDecl = []*descriptorpb.OneofDescriptorProto{{Name: proto.String("union")}}
		}
		fieldName, repeated := strings.CutSuffix(fieldName, "*")
		if repeated || words[1] == "map" {
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}
		f.Name, f.JsonName = proto.String(fieldName), proto.String(fieldName)
		setType(f, words[1])
		if words[1] == "map" {
			entry := message(strings.ToUpper(fieldName[:1])+fieldName[1:]+"Entry", []string{"key string", "value " + words[2]})
			entry.Options = &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)}
			m.NestedType = append(m.NestedType, entry)
			f.TypeName = proto.String("." + packageName + "." + name + "." + entry.GetName())
		}
		m.Field = append(m.Field, f)
	}
	return m
}

func setType(f *descriptorpb.FieldDescriptorProto, word string) {
	scalars := map[string]descriptorpb.FieldDescriptorProto_Type{
		"double": descriptorpb.FieldDescriptorProto_TYPE_DOUBLE, "int64": descriptorpb.FieldDescriptorProto_TYPE_INT64,
		"bool": descriptorpb.FieldDescriptorProto_TYPE_BOOL, "string": descriptorpb.FieldDescriptorProto_TYPE_STRING,
	}
	if scalar, ok := scalars[word]; ok {
		f.Type = scalar.Enum()
		return
	}
	f.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
	switch {
	case word == "Type", word == "RequestMode", word == "MarketStatus":
		f.Type = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum()
		fallthrough
	case !strings.HasPrefix(word, "."):
		word = "." + packageName + "." + word
	}
	f.TypeName = proto.String(word)
}

// official decodes a frame with protobuf's own runtime.
func official(frame []byte) (object, error) {
	m := dynamicpb.NewMessage(responseType())
	if err := proto.Unmarshal(frame, m); err != nil {
		return nil, err
	}
	text, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var o object
	return o, json.Unmarshal(text, &o)
}

// pruned leaves out empty objects and lists. A Message does not always show
// whether an empty message was on the wire.
func pruned(v any) any {
	switch v := v.(type) {
	case object:
		return pruned(map[string]any(v))
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			if member = pruned(member); member != nil {
				out[name] = member
			}
		}
		if len(out) > 0 {
			return out
		}
		return nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = pruned(v[i])
		}
		return out
	}
	return v
}

// protobuf's own runtime, too, must decode the golden frames as listed.
func TestOracle(t *testing.T) {
	t.Parallel()
	for _, f := range goldenFrames(t) {
		got, err := official(f.data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		diff(t, f.Name, pruned(got), pruned(f.Want))
	}
}
