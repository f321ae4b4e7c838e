using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Finds, by name and before anything is bound, the few places of a compilation that say something about its host.
/// A file is scanned once in its life (an edit makes a new tree of one file alone); what is found is bound on demand.
/// </summary>
internal sealed class SourceIndex
{
    // Holds syntax of the key alone, never a compilation; goes when the tree goes.
    private static readonly ConditionalWeakTable<SyntaxTree, TreeNames> Trees = new();

    private readonly Compilation _compilation;
    private readonly RecentModels _models;

    // Every file's, by name: rules ask for a name once for each file, and a look into each file then would cost the square of their number.
    private readonly Lazy<Dictionary<string, NameUses>> _indexed;
    private readonly Lazy<HashSet<string>> _aliases;
    private readonly ConcurrentDictionary<string, NameUses> _others = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ILookup<ISymbol, Bound<IInvocationOperation>>> _calls = new(StringComparer.Ordinal);
    private readonly Func<string, NameUses> _findOther;
    private readonly Func<string, ILookup<ISymbol, Bound<IInvocationOperation>>> _findCallsByName;

    // Kept, since many rules ask for the same variable, and one rule at each of its uses; but with the file's model, since operations hold it.
    private readonly ConditionalWeakTable<SemanticModel, FileUses> _uses = new();
    private readonly Func<ILocalSymbol, IReadOnlyList<ILocalReferenceOperation>> _findLocalUses;
    private readonly Func<ISymbol, bool> _isWritten;
    private readonly Func<ISymbol, IReadOnlyList<IMemberReferenceOperation>> _findMemberUses;
    private readonly Func<IMethodSymbol, IReadOnlyList<IInvocationOperation>> _findCallsInType;

    public SourceIndex(Compilation compilation)
    {
        _compilation = compilation;
        _models = new RecentModels(compilation);
        _indexed = new(FindIndexed);
        _aliases = new(FindAliases);
        _findOther = FindOther;
        _findCallsByName = FindCalls;
        _findLocalUses = FindUses;
        _isWritten = local => UsesOfLocal((ILocalSymbol)local).Any(Values.IsWritten);
        _findMemberUses = FindUses;
        _findCallsInType = FindCalls;
    }

    /// <summary>Every use of a name as an identifier, in every file. Names in <see cref="IndexedNames"/> cost a lookup, others a scan of the text.</summary>
    public IReadOnlyList<SimpleNameSyntax> Uses(string name) =>
        UsesOf(name)?.All ?? [];

    /// <summary>Whether some file has one of these words anywhere in its text: far cheaper than the scan, which looks for some hundred words.</summary>
    public bool MayUse(string[] words)
    {
        foreach (var tree in _compilation.SyntaxTrees)
        {
            var text = tree.GetText().ToString();
            foreach (var word in words)
            {
                if (text.IndexOf(word, StringComparison.Ordinal) >= 0)
                    return true;
            }
        }

        return false;
    }

    /// <summary>The uses in one file of some of <see cref="IndexedNames"/>.</summary>
    public static IEnumerable<SimpleNameSyntax> UsesIn(SyntaxTree tree, IEnumerable<string> names)
    {
        var used = NamesIn(tree);
        foreach (var name in names)
        {
            foreach (var position in used.Uses(name))
                yield return TreeNames.At(tree, position);
        }
    }

    /// <summary>The invocations in one file of methods with one of these words in their names, which are looked for in the text.</summary>
    public static IEnumerable<InvocationExpressionSyntax> InvocationsWith(SyntaxTree tree, string[] words)
    {
        var text = tree.GetText().ToString();
        foreach (var word in words)
        {
            for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + word.Length, StringComparison.Ordinal))
            {
                if (tree.GetRoot().FindToken(at).Parent is SimpleNameSyntax name && InvocationOf(name) is { } invocation)
                    yield return invocation;
            }
        }
    }

    private static TreeNames NamesIn(SyntaxTree tree) => Trees.GetValue(tree, TreeNames.Of);

    /// <summary>Whether some <c>using</c> makes a name stand for another: of one file, of a namespace in it, or everywhere.</summary>
    public bool IsAlias(string name) => _aliases.Value.Contains(name);

    /// <summary>Whether a name is used at all.</summary>
    public bool Any(string name) => UsesOf(name) is { Any: true };

    /// <summary>Every invocation of a method of that name: <c>x.Name(...)</c>, <c>x?.Name(...)</c>, <c>Name(...)</c>.</summary>
    public IEnumerable<InvocationExpressionSyntax> Invocations(string methodName)
    {
        foreach (var use in Uses(methodName))
        {
            if (InvocationOf(use) is { } invocation)
                yield return invocation;
        }
    }

    /// <summary>Every call of a method in every file.</summary>
    public IEnumerable<IInvocationOperation> Calls(IMethodSymbol method) => _calls.GetOrAdd(method.Name, _findCallsByName)[method.OriginalDefinition].Select(found => found.Operation);

    /// <summary>The expression that ends in <paramref name="name"/>: <c>x.Name</c>, <c>.Name</c> of a conditional access, or the name alone.</summary>
    public static ExpressionSyntax ExpressionOf(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access,
        MemberBindingExpressionSyntax binding when binding.Name == name => binding,
        _ => name,
    };

    /// <summary>The invocation whose method name <paramref name="name"/> is, or null.</summary>
    public static InvocationExpressionSyntax? InvocationOf(SimpleNameSyntax name)
    {
        var called = ExpressionOf(name);
        return called.Parent is InvocationExpressionSyntax invocation && invocation.Expression == called ? invocation : null;
    }

    /// <summary>The name of the called method as it is written; null where the callee has none.</summary>
    public static SimpleNameSyntax? CalledIn(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        var other => other as SimpleNameSyntax,
    };

    /// <summary>The name of the called method; empty where the callee has none.</summary>
    public static string NameOf(InvocationExpressionSyntax call) => CalledIn(call)?.Identifier.ValueText ?? "";

    public SemanticModel Model(SyntaxTree tree) => _models.Of(tree);

    /// <summary>The operation of a node; null for one of another compilation: in an IDE the symbols of a referenced project have syntax too.</summary>
    public IOperation? Operation(SyntaxNode node) => _compilation.ContainsSyntaxTree(node.SyntaxTree) ? Model(node.SyntaxTree).GetOperation(node) : null;

    /// <summary>What a node means; null for one of another compilation.</summary>
    public ISymbol? Symbol(SyntaxNode node) => _compilation.ContainsSyntaxTree(node.SyntaxTree) ? Model(node.SyntaxTree).GetSymbolInfo(node).Symbol : null;

    /// <summary>The method, local function or (for top-level statements) entry point that <paramref name="node"/> stands in; lambdas belong to it.</summary>
    public ISymbol? EnclosingMethod(SyntaxNode node)
    {
        var symbol = Model(node.SyntaxTree).GetEnclosingSymbol(node.SpanStart);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
            symbol = symbol.ContainingSymbol;
        return symbol;
    }

    /// <summary>Every use of a local, its declaration left out.</summary>
    public IReadOnlyList<ILocalReferenceOperation> UsesOfLocal(ILocalSymbol local) => UsesWith(local)?.Locals.GetOrAdd(local, _findLocalUses) ?? [];

    /// <summary>Whether a local gets another value than the one that it is declared with.</summary>
    public bool IsWritten(ILocalSymbol local) => Ask(local, _isWritten);

    /// <summary>The answer to a question about a variable that takes all its uses: found once for as long as the model of its file lives. The delegate stands for the question.</summary>
    public bool Ask(ISymbol variable, Func<ISymbol, bool> question) => UsesWith(variable) is { } file ? file.AnswersTo(question).GetOrAdd(variable, question) : question(variable);

    /// <summary>Every use of a field, property or method inside the type that declares it (all parts): for a private member, every use there is.</summary>
    public IReadOnlyList<IMemberReferenceOperation> UsesOfMember(ISymbol member) => UsesWith(member)?.Members.GetOrAdd(member.OriginalDefinition, _findMemberUses) ?? [];

    /// <summary>Every call of a method inside the type that declares it (all parts): for a private method, every call there is.</summary>
    public IReadOnlyList<IInvocationOperation> CallsInType(IMethodSymbol method) => UsesWith(method)?.Calls.GetOrAdd(method.OriginalDefinition, _findCallsInType) ?? [];

    /// <summary>The uses of a name as an identifier inside <paramref name="scope"/>, a member or a type.</summary>
    public IEnumerable<SimpleNameSyntax> UsesIn(SyntaxNode scope, string name) => _uses.GetOrCreateValue(Model(scope.SyntaxTree)).Names.GetOrAdd(scope, NamesOf)[name];

    /// <summary>The uses of a member's name as an identifier inside the type that declares it (all parts).</summary>
    public IEnumerable<SimpleNameSyntax> UsesInTypeOf(ISymbol member)
    {
        foreach (var part in member.ContainingType.DeclaringSyntaxReferences)
        {
            if (!_compilation.ContainsSyntaxTree(part.SyntaxTree))
                continue;

            foreach (var name in UsesIn(part.GetSyntax(), member.Name))
                yield return name;
        }
    }

    /// <summary>What is known of the file that declares the symbol, for as long as its model lives; null for one of another compilation.</summary>
    private FileUses? UsesWith(ISymbol symbol) =>
        symbol.OriginalDefinition.DeclaringSyntaxReferences is [{ SyntaxTree: var tree }, ..] && _compilation.ContainsSyntaxTree(tree) ? _uses.GetOrCreateValue(Model(tree)) : null;

    private static ILookup<string, SimpleNameSyntax> NamesOf(SyntaxNode scope) =>
        scope.DescendantNodes().OfType<SimpleNameSyntax>().ToLookup(name => name.Identifier.ValueText, StringComparer.Ordinal);

    private NameUses? UsesOf(string name) =>
        !IndexedNames.All.Contains(name) ? _others.GetOrAdd(name, _findOther) : _indexed.Value.TryGetValue(name, out var uses) ? uses : null;

    private Dictionary<string, NameUses> FindIndexed()
    {
        var all = new Dictionary<string, NameUses>(StringComparer.Ordinal);
        foreach (var tree in _compilation.SyntaxTrees)
            NamesIn(tree).AddTo(all, tree);
        return all;
    }

    private HashSet<string> FindAliases()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in _compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax))
            {
                if (node is UsingDirectiveSyntax { Alias.Name.Identifier.ValueText: var name })
                    found.Add(name);
            }
        }

        return found;
    }

    private NameUses FindOther(string name)
    {
        var uses = new NameUses();
        foreach (var tree in _compilation.SyntaxTrees)
        {
            foreach (var position in TreeNames.Find(tree, name))
                uses.Add(tree, position);
        }

        return uses;
    }

    private ILookup<ISymbol, Bound<IInvocationOperation>> FindCalls(string name)
    {
        var calls = new List<(ISymbol Method, Bound<IInvocationOperation> Call)>();
        foreach (var syntax in Invocations(name))
        {
            if (Operation(syntax) is IInvocationOperation call)
                calls.Add(((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition, new(this, syntax)));
        }

        return calls.ToLookup(found => found.Method, found => found.Call, SymbolEqualityComparer.Default);
    }

    private IReadOnlyList<ILocalReferenceOperation> FindUses(ILocalSymbol local)
    {
        var uses = new List<ILocalReferenceOperation>();
        if (local.DeclaringSyntaxReferences is not [var declaration, ..] || ScopeOf(declaration.GetSyntax()) is not { } scope)
            return [];

        foreach (var name in UsesIn(scope, local.Name))
        {
            if (Operation(name) is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local))
                uses.Add(reference);
        }

        return uses;
    }

    private IReadOnlyList<IMemberReferenceOperation> FindUses(ISymbol member)
    {
        var uses = new List<IMemberReferenceOperation>();
        foreach (var name in UsesInTypeOf(member))
        {
            if (Operation(ExpressionOf(name)) is IMemberReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Member.OriginalDefinition, member))
            {
                uses.Add(reference);
            }
        }

        return uses;
    }

    private IReadOnlyList<IInvocationOperation> FindCalls(IMethodSymbol method)
    {
        var calls = new List<IInvocationOperation>();
        foreach (var name in UsesInTypeOf(method))
        {
            if (InvocationOf(name) is { } syntax
                && Operation(syntax) is IInvocationOperation call
                && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method))
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    // The member that a local lives in; for top-level statements that is the whole file.
    public static SyntaxNode? ScopeOf(SyntaxNode declaration)
    {
        var member = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return member is GlobalStatementSyntax ? member.Parent : member;
    }

    private sealed class FileUses
    {
        private readonly ConcurrentDictionary<Func<ISymbol, bool>, ConcurrentDictionary<ISymbol, bool>> _answers = new();

        public ConcurrentDictionary<SyntaxNode, ILookup<string, SimpleNameSyntax>> Names { get; } = new();

        public ConcurrentDictionary<ILocalSymbol, IReadOnlyList<ILocalReferenceOperation>> Locals { get; } = new(SymbolEqualityComparer.Default);

        public ConcurrentDictionary<ISymbol, IReadOnlyList<IMemberReferenceOperation>> Members { get; } = new(SymbolEqualityComparer.Default);

        public ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IInvocationOperation>> Calls { get; } = new(SymbolEqualityComparer.Default);

        public ConcurrentDictionary<ISymbol, bool> AnswersTo(Func<ISymbol, bool> question) => _answers.GetOrAdd(question, static _ => new(SymbolEqualityComparer.Default));
    }
}
