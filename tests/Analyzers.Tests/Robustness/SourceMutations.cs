using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>Changes of a C# file, as edits of its text: what comes out need not parse.</summary>
/// <param name="text">The file.</param>
/// <param name="donor">Another file, which parts are taken from.</param>
/// <param name="random">Where all choices come from.</param>
internal sealed class SourceMutations(string text, string donor, Random random)
{
    private const int Many = 1_000;
    private const int MaxRepeated = 500_000;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private static readonly string[] Types =
        ["int", "string", "object", "void", "dynamic", "Task", "Task<int>", "ValueTask", "CancellationToken", "Nowhere", "int?", "int[]", "(int a, string b)", "List<>", "ref int", "int*", "Func<Task>", "IHost", "Action", "var", "T", "TimeSpan"];

    private static readonly string[] Modifiers = ["static", "async", "abstract", "partial", "override", "virtual", "extern", "unsafe", "const", "readonly", "ref", "file", "required", "sealed", "new"];

    private static readonly string[] Garbage =
        ["\0", "\"", "'", "\"\"\"", "$\"{", "/*", "//", "#if X\n", "#endif\n", "#error\n", "{", "}", "(", ")", "<", ">", "=>", ";", "\uD800", "\u202E", "é", "@", "0x", "1e999", "??=", "..", "[assembly: ]", "await ", "goto case ", "yield return ", "\uFEFF", "```"];

    private readonly SyntaxNode _root = CSharpSyntaxTree.ParseText(text, Options).GetRoot();

    private static readonly (string Name, Func<SourceMutations, string?> Apply)[] All =
    [
        ("delete token", mutation => mutation.Edit(mutation.Token(), _ => "")),
        ("delete token", mutation => mutation.Edit(mutation.Token(), _ => "")),
        ("duplicate token", mutation => mutation.Edit(mutation.Token(), token => token + " " + token)),
        ("swap tokens", mutation => mutation.Swap(mutation.Token(), mutation.Token())),
        ("swap with the next token", mutation => mutation.SwapWithNext()),
        ("another token", mutation => mutation.Edit(mutation.Token(), _ => mutation.Pick(mutation.Donor().DescendantTokens()).Text)),
        ("another name", mutation => mutation.Rename()),
        ("another name", mutation => mutation.Rename()),
        ("swap members", mutation => mutation.Swap(mutation.Node<MemberDeclarationSyntax>(), mutation.Node<MemberDeclarationSyntax>())),
        ("swap statements", mutation => mutation.Swap(mutation.Node<StatementSyntax>(), mutation.Node<StatementSyntax>())),
        ("swap expressions", mutation => mutation.Swap(mutation.Node<ExpressionSyntax>(), mutation.Node<ExpressionSyntax>())),
        ("delete member", mutation => mutation.Edit(mutation.Node<MemberDeclarationSyntax>(), _ => "")),
        ("delete statement", mutation => mutation.Edit(mutation.Node<StatementSyntax>(), _ => "")),
        ("delete argument", mutation => mutation.Edit(mutation.Node<ArgumentSyntax>(), _ => "")),
        ("empty arguments", mutation => mutation.Edit(mutation.Node<ArgumentListSyntax>(), _ => "()")),
        ("duplicate member", mutation => mutation.Edit(mutation.Node<MemberDeclarationSyntax>(), member => member + "\n" + member)),
        ("truncate", mutation => mutation.Truncate()),
        ("wrong type", mutation => mutation.Edit(mutation.Node<TypeSyntax>(), _ => mutation.Pick(Types))),
        ("wrong type", mutation => mutation.Edit(mutation.Node<TypeSyntax>(), _ => mutation.Pick(Types))),
        ("remove using", mutation => mutation.Edit(mutation.Node<UsingDirectiveSyntax>(), _ => "")),
        ("modifier", mutation => mutation.Edit(mutation.Node<MemberDeclarationSyntax>(), member => mutation.Pick(Modifiers) + " " + member)),
        ("modifier", mutation => mutation.Edit(mutation.Modifier(), _ => mutation.Pick(Modifiers))),
        ("garbage", mutation => mutation.Insert(mutation.Pick(Garbage))),
        ("statement of another file", mutation => mutation.Splice<StatementSyntax>()),
        ("expression of another file", mutation => mutation.Splice<ExpressionSyntax>()),
        ("expression of another file", mutation => mutation.Splice<ExpressionSyntax>()),
        ("member of another file", mutation => mutation.Splice<MemberDeclarationSyntax>()),
        ("expression of its own", mutation => mutation.Edit(mutation.Node<ExpressionSyntax>(), _ => mutation.Node<ExpressionSyntax>()?.ToString() ?? "")),
        ("initialised by itself", mutation => mutation.Edit(mutation.Node<VariableDeclaratorSyntax>(), variable => $"{variable} = {mutation.NameOf(variable)}")),
        ("assigned itself", mutation => mutation.SelfAssigned()),
        ("its own base", mutation => mutation.OwnBase()),
        ("calls itself", mutation => mutation.CallsItself()),
        ("many parameters", mutation => mutation.Longer<ParameterListSyntax>(i => $"CancellationToken p{i}")),
        ("many arguments", mutation => mutation.Longer<ArgumentListSyntax>(i => $"a{i}")),
        ("many statements", mutation => mutation.Repeat<StatementSyntax>()),
        ("many members", mutation => mutation.Repeat<MemberDeclarationSyntax>()),
        ("deep blocks", mutation => mutation.NestStatement()),
        ("deep expression", mutation => mutation.NestExpression()),
        ("deep lambdas", mutation => mutation.NestFunctions()),
        ("long chain", mutation => mutation.LongChain()),
    ];

    private const int LargeFrom = 32;

    /// <summary>The file after one to four changes, the first of them one that makes it large where that is asked for; and their names.</summary>
    public static (string Text, string Names) Apply(string text, string donor, bool isLarge, Random random)
    {
        var names = new List<string>();
        var count = 1 + random.Next(4);
        if (isLarge)
        {
            var (name, change) = All[random.Next(LargeFrom, All.Length)];
            text = Changed(change) ?? text;
            names.Add(name);
        }

        while (names.Count < count)
        {
            var (name, change) = All[random.Next(LargeFrom)];
            text = Changed(change) ?? text;
            names.Add(name);
        }

        return (text, string.Join(", ", names));

        string? Changed(Func<SourceMutations, string?> change) => change(new(text, donor, random));
    }

    private SyntaxToken? Token()
    {
        var tokens = _root.DescendantTokens().ToList();
        return tokens.Count == 0 ? null : tokens[random.Next(tokens.Count)];
    }

    private SyntaxToken? Modifier()
    {
        var tokens = _root.DescendantNodes().OfType<MemberDeclarationSyntax>().SelectMany(member => member.Modifiers).ToList();
        return tokens.Count == 0 ? null : tokens[random.Next(tokens.Count)];
    }

    private T? Node<T>()
        where T : SyntaxNode
    {
        var nodes = _root.DescendantNodes().OfType<T>().ToList();
        return nodes.Count == 0 ? null : nodes[random.Next(nodes.Count)];
    }

    private SyntaxNode Donor() => CSharpSyntaxTree.ParseText(donor, Options).GetRoot();

    private T Pick<T>(IEnumerable<T> from) => from.ToList() is var all ? all[random.Next(all.Count)] : throw new InvalidOperationException();

    private string? Edit(SyntaxNode? node, Func<string, string> change) => node is null ? null : Replace(node.Span, change(node.ToString()));

    private string? Edit(SyntaxToken? token, Func<string, string> change) => token is not { } at ? null : Replace(at.Span, change(at.Text));

    private string Replace(TextSpan span, string by) => string.Concat(text.AsSpan(0, span.Start), by, text.AsSpan(span.End));

    private string Insert(string what) => text.Insert(random.Next(text.Length + 1), what);

    private string? Swap(SyntaxToken? first, SyntaxToken? second) => first is { } a && second is { } b ? Swap(a.Span, b.Span) : null;

    private string? Swap(SyntaxNode? first, SyntaxNode? second) => first is not null && second is not null ? Swap(first.Span, second.Span) : null;

    private string Swap(TextSpan first, TextSpan second)
    {
        if (first.Start > second.Start)
            (first, second) = (second, first);
        return first.End > second.Start
            ? text
            : string.Concat(text.AsSpan(0, first.Start), text.AsSpan(second.Start, second.Length), text.AsSpan(first.End, second.Start - first.End))
                + string.Concat(text.AsSpan(first.Start, first.Length), text.AsSpan(second.End));
    }

    private string? SwapWithNext() => Token() is { } token ? Swap(token, token.GetNextToken()) : null;

    private string? Truncate() => Token() is { } token ? text[..token.SpanStart] : null;

    private string? Rename()
    {
        var names = _root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).ToList();
        return names.Count == 0 ? null : Replace(names[random.Next(names.Count)].Span, names[random.Next(names.Count)].Text);
    }

    private string? Splice<T>()
        where T : SyntaxNode
    {
        var parts = Donor().DescendantNodes().OfType<T>().ToList();
        return parts.Count == 0 ? null : Edit(Node<T>(), _ => parts[random.Next(parts.Count)].ToString());
    }

    private string NameOf(string declarator) => declarator.Split(' ', '=')[0];

    private string? SelfAssigned()
    {
        var statement = Node<StatementSyntax>();
        var name = Node<VariableDeclaratorSyntax>()?.Identifier.Text;
        return name is null ? null : Edit(statement, before => $"{name} = {name}; {before}");
    }

    private string? OwnBase() => Node<TypeDeclarationSyntax>() is { } type
        ? type.BaseList is { } list ? Replace(list.Types[0].Span, type.Identifier.Text) : Replace(new(type.Identifier.Span.End, 0), " : " + type.Identifier.Text)
        : null;

    private string? CallsItself()
    {
        if (Node<InvocationExpressionSyntax>() is not { } call)
            return null;

        var name = call.Ancestors().Select(ancestor => ancestor switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax local => local.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            _ => null,
        }).FirstOrDefault(found => found is not null);
        return name is null ? null : Replace(call.Expression.Span, name);
    }

    private string? Longer<T>(Func<int, string> item)
        where T : SyntaxNode
    {
        var list = Node<T>();
        return list is null || list.Span.Length < 2 ? null : Replace(new(list.SpanStart + 1, 0), string.Join(", ", Enumerable.Range(0, Many).Select(item)) + (list.ToString().Length > 2 ? ", " : ""));
    }

    private string? Repeat<T>()
        where T : SyntaxNode
    {
        var node = Node<T>();
        if (node is null)
            return null;

        // Names of their own: a thousand overloads of one method keep the compiler busy, not the rules.
        var name = node switch
        {
            MethodDeclarationSyntax method => method.Identifier,
            BaseTypeDeclarationSyntax type => type.Identifier,
            PropertyDeclarationSyntax property => property.Identifier,
            _ => default,
        };
        var repeated = new StringBuilder();
        for (var i = Math.Min(Many, MaxRepeated / Math.Max(1, node.Span.Length)); i > 0; i--)
            repeated.Append(name.RawKind == 0 ? node.ToString() : node.ToString().Insert(name.Span.End - node.SpanStart, i.ToString(CultureInfo.InvariantCulture))).Append('\n');
        return Replace(node.Span, repeated.ToString());
    }

    private string? NestStatement()
    {
        var depth = random.Next(20, 600);
        var (open, close) = Pick<(string, string)>([("{ ", " }"), ("if (x) { ", " }"), ("while (true) { ", " }"), ("try { ", " } catch { }"), ("lock (this) { ", " }"), ("foreach (var a in b) ", ""), ("switch (1) { default: ", " break; }"), ("using (x) ", "")]);
        return Edit(Node<StatementSyntax>(), statement => Around(open, statement, close, depth));
    }

    private string? NestExpression()
    {
        var depth = random.Next(20, 1_500);
        var (open, close) = Pick<(string, string)>([("(", ")"), ("!", ""), ("await ", ""), ("", " + 1"), ("1 + ", ""), ("true ? 1 : ", ""), ("f(", ")"), ("new[] { ", " }"), ("(object)", ""), ("x ?? ", ""), ("[", "]"), ("", " && true"), ("(1, ", ")"), ("x = ", ""), ("", "!")]);
        return Edit(Node<ExpressionSyntax>(), expression => Around(open, expression, close, depth));
    }

    private string? NestFunctions()
    {
        var depth = random.Next(5, 120);
        var kind = random.Next(3);
        return Edit(Node<StatementSyntax>(), statement =>
        {
            var open = new StringBuilder();
            for (var i = 0; i < depth; i++)
            {
                open.Append(kind switch
                {
                    0 => $"Action f{i} = () => {{ ",
                    1 => $"void f{i}() {{ ",
                    _ => $"Func<Task> f{i} = async () => {{ ",
                });
            }

            open.Append(statement);
            for (var i = depth - 1; i >= 0; i--)
                open.Append(kind == 1 ? $" f{i}(); }} f{i}();" : $" f{i}(); }}; f{i}();");
            return open.ToString();
        });
    }

    private string? LongChain()
    {
        var length = random.Next(50, Many);
        var link = Pick([".ToString()", "?.ToString()", "!", "[0]", ".A", ".Select(x => x)", ".ConfigureAwait(false)"]);
        if (Node<ExpressionSyntax>() is not { } expression)
            return null;

        // What takes the compiler alone time and memory without end: it binds each lambda in a chain of unknown methods again for each one
        // around it, and, comparing a generic method with its interface's, twice as much for each rank of an array of arrays.
        if (link.Contains("=>", StringComparison.Ordinal))
            length = 20;
        else if (link == "[0]" && SyntaxFacts.IsInTypeOnlyContext(expression))
            length = 8;
        return Edit(expression, chained => chained + new StringBuilder().Insert(0, link, length));
    }

    private static string Around(string open, string middle, string close, int depth) =>
        new StringBuilder().Insert(0, open, depth).Append(middle).ToString() + new StringBuilder().Insert(0, close, depth);
}
