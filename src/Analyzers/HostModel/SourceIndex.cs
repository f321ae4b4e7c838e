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
internal sealed class SourceIndex(Compilation compilation)
{
    // Holds syntax of the key alone, never a compilation; goes when the tree goes.
    private static readonly ConditionalWeakTable<SyntaxTree, TreeNames> Trees = new();

    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly Func<SyntaxTree, SemanticModel> _newModel = tree => compilation.GetSemanticModel(tree);

    /// <summary>Every use of a name as an identifier, in every file. Names in <see cref="IndexedNames"/> cost a lookup, others a scan of the text.</summary>
    public IEnumerable<SimpleNameSyntax> Uses(string name)
    {
        var indexed = IndexedNames.All.Contains(name);
        foreach (var tree in compilation.SyntaxTrees)
        {
            var names = indexed ? Trees.GetValue(tree, static tree => new TreeNames(tree, IndexedNames.Words)) : new TreeNames(tree, new WordSet([name]));
            foreach (var use in names.Uses(name))
                yield return use;
        }
    }

    /// <summary>Whether a name is used at all.</summary>
    public bool Any(string name)
    {
        foreach (var _ in Uses(name))
            return true;
        return false;
    }

    /// <summary>Every invocation of a method of that name: <c>x.Name(...)</c>, <c>x?.Name(...)</c>, <c>Name(...)</c>.</summary>
    public IEnumerable<InvocationExpressionSyntax> Invocations(string methodName)
    {
        foreach (var use in Uses(methodName))
        {
            if (InvocationOf(use) is { } invocation)
                yield return invocation;
        }
    }

    /// <summary>The invocation whose method name <paramref name="name"/> is, or null.</summary>
    public static InvocationExpressionSyntax? InvocationOf(SimpleNameSyntax name)
    {
        ExpressionSyntax called = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding when binding.Name == name => binding,
            _ => name,
        };
        return called.Parent is InvocationExpressionSyntax invocation && invocation.Expression == called ? invocation : null;
    }

    /// <summary>The name of the called method; empty where the callee has none.</summary>
    public static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    public SemanticModel Model(SyntaxTree tree) => _models.GetOrAdd(tree, _newModel);

    /// <summary>The operation of a node; null for one of another compilation: in an IDE the symbols of a referenced project have syntax too.</summary>
    public IOperation? Operation(SyntaxNode node) => compilation.ContainsSyntaxTree(node.SyntaxTree) ? Model(node.SyntaxTree).GetOperation(node) : null;

    /// <summary>What a node means; null for one of another compilation.</summary>
    public ISymbol? Symbol(SyntaxNode node) => compilation.ContainsSyntaxTree(node.SyntaxTree) ? Model(node.SyntaxTree).GetSymbolInfo(node).Symbol : null;

    /// <summary>The method, local function or (for top-level statements) entry point that <paramref name="node"/> stands in; lambdas belong to it.</summary>
    public ISymbol? EnclosingMethod(SyntaxNode node)
    {
        var symbol = Model(node.SyntaxTree).GetEnclosingSymbol(node.SpanStart);
        while (symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
            symbol = symbol.ContainingSymbol;
        return symbol;
    }

    /// <summary>Every use of a local, its declaration left out.</summary>
    public IEnumerable<ILocalReferenceOperation> UsesOfLocal(ILocalSymbol local)
    {
        if (local.DeclaringSyntaxReferences is not [var declaration, ..] || ScopeOf(declaration.GetSyntax()) is not { } scope)
            yield break;

        foreach (var node in scope.DescendantNodes())
        {
            if (node is IdentifierNameSyntax name
                && name.Identifier.ValueText == local.Name
                && Operation(name) is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local))
            {
                yield return reference;
            }
        }
    }

    /// <summary>Every use of a field, property or method inside the type that declares it (all parts): for a private member, every use there is.</summary>
    public IEnumerable<IOperation> UsesOfMember(ISymbol member)
    {
        foreach (var part in member.ContainingType.DeclaringSyntaxReferences)
        {
            if (!compilation.ContainsSyntaxTree(part.SyntaxTree))
                continue;

            foreach (var node in part.GetSyntax().DescendantNodes())
            {
                if (node is IdentifierNameSyntax name
                    && name.Identifier.ValueText == member.Name
                    && Operation(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name) is IMemberReferenceOperation reference
                    && SymbolEqualityComparer.Default.Equals(reference.Member.OriginalDefinition, member.OriginalDefinition))
                {
                    yield return reference;
                }
            }
        }
    }

    /// <summary>Every call of a method inside the type that declares it (all parts): for a private method, every call there is.</summary>
    public IEnumerable<IInvocationOperation> CallsInType(IMethodSymbol method)
    {
        foreach (var part in method.ContainingType.DeclaringSyntaxReferences)
        {
            if (!compilation.ContainsSyntaxTree(part.SyntaxTree))
                continue;

            foreach (var node in part.GetSyntax().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax syntax
                    && NameOf(syntax) == method.Name
                    && Operation(syntax) is IInvocationOperation call
                    && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition))
                {
                    yield return call;
                }
            }
        }
    }

    // The member that a local lives in; for top-level statements that is the whole file.
    public static SyntaxNode? ScopeOf(SyntaxNode declaration)
    {
        var member = declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return member is GlobalStatementSyntax ? member.Parent : member;
    }
}
