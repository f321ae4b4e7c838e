using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>Gives a class a service by its constructor, where the container alone creates it.</summary>
internal static class ConstructorInjection
{
    /// <summary>A parameter more for the constructor of the class; only where the container alone creates it.</summary>
    public static ServiceAccess? For(FixSite site, Service service, SyntaxNode use)
    {
        if (use.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not ClassDeclarationSyntax declaration
            || site.Model.GetDeclaredSymbol(declaration) is not { IsAbstract: false, IsStatic: false } type
            || use.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not BaseTypeDeclarationSyntax) is not { } member
            || member.Modifiers.Any(SyntaxKind.StaticKeyword)
            || IsCreatedOrDerived(site, type))
        {
            return null;
        }

        var parts = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>().ToList();
        var name = ParameterInjection.FreeName(service.Parameter, parts);

        if (parts.FirstOrDefault(part => part.ParameterList is not null) is { ParameterList: { } primary })
        {
            return type.InstanceConstructors.Length != 1 ? null : new(SyntaxFactory.IdentifierName(name), edit =>
                EditAsync(edit, primary, node => ParameterInjection.AddParameter((ParameterListSyntax)node, service, name)));
        }

        var constructors = type.InstanceConstructors.Where(constructor => !constructor.IsImplicitlyDeclared).ToList();
        switch (constructors)
        {
            case [] when site.Model.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= (LanguageVersion)1200 }:
                return new(SyntaxFactory.IdentifierName(name), edit => EditAsync(edit, declaration, node => AddPrimaryConstructor((ClassDeclarationSyntax)node, service, name)));

            case []:
            case [{ DeclaringSyntaxReferences.Length: 1 }]:
                var constructor = constructors.Count == 0 ? null : constructors[0].DeclaringSyntaxReferences[0].GetSyntax() as ConstructorDeclarationSyntax;
                if ((constructors.Count > 0 && constructor is null) || constructor?.Initializer?.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword) == true)
                    return null;

                var field = FieldName(parts, name);
                var owner = constructor?.FirstAncestorOrSelf<ClassDeclarationSyntax>() ?? declaration;
                return new(SyntaxFactory.IdentifierName(field), edit => EditAsync(edit, owner, node => AddField((ClassDeclarationSyntax)node, service, name, field)));

            default:
                return null;
        }

        // The constructor can stand in another file than the use.
        async Task EditAsync(FixEdit edit, SyntaxNode target, Func<SyntaxNode, SyntaxNode> change)
        {
            if (!edit.Once(("constructor", target.SyntaxTree.FilePath, target.Span, service.Name))
                || site.Document.Project.GetDocument(target.SyntaxTree) is not { } document
                || await document.GetSemanticModelAsync(edit.Cancellation).ConfigureAwait(false) is not { } model)
            {
                return;
            }

            var editor = await edit.EditorAsync(document).ConfigureAwait(false);
            editor.ReplaceNode(target, (node, _) => change(node));
            edit.Import(document, model, target.SpanStart, service.Namespace);
        }
    }

    private static bool IsCreatedOrDerived(FixSite site, INamedTypeSymbol type)
    {
        foreach (var tree in site.Model.Compilation.SyntaxTrees)
        {
            SemanticModel? model = null;
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                switch (node)
                {
                    case ObjectCreationExpressionSyntax { Type: var created } when RightmostName(created) == type.Name:
                    case BaseTypeSyntax { Type: var derived } when RightmostName(derived) == type.Name:
                        return true;

                    case ImplicitObjectCreationExpressionSyntax implicitCreation:
                        model ??= site.Model.Compilation.GetSemanticModel(tree);
                        if (SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(implicitCreation).Type?.OriginalDefinition, type))
                            return true;
                        break;
                }
            }
        }

        return false;
    }

    private static string? RightmostName(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        _ => null,
    };

    // class Worker : Base -> class Worker(T name) : Base
    private static ClassDeclarationSyntax AddPrimaryConstructor(ClassDeclarationSyntax type, Service service, string name)
    {
        var list = SyntaxFactory.ParseParameterList($"({service.Name} {name})");
        if (type.TypeParameterList is { } generics)
            return type.WithTypeParameterList(generics.WithoutTrailingTrivia()).WithParameterList(list.WithTrailingTrivia(generics.GetTrailingTrivia()));

        return type.WithIdentifier(type.Identifier.WithTrailingTrivia()).WithParameterList(list.WithTrailingTrivia(type.Identifier.TrailingTrivia));
    }

    private static ClassDeclarationSyntax AddField(ClassDeclarationSyntax type, Service service, string name, string field)
    {
        var endOfLine = Statements.EndOfLine(type);
        var assignment = SyntaxFactory.ParseStatement(field == name ? $"this.{field} = {name};" : $"{field} = {name};")
            .WithTrailingTrivia(endOfLine).WithAdditionalAnnotations(Formatter.Annotation);
        var constructor = type.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault(member => !member.Modifiers.Any(SyntaxKind.StaticKeyword));
        var lastField = type.Members.LastOrDefault(member => member is FieldDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.StaticKeyword) && !member.Modifiers.Any(SyntaxKind.ConstKeyword));

        if (constructor is null)
        {
            var added = (ConstructorDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"public {type.Identifier.ValueText}({service.Name} {name}){endOfLine}{{{endOfLine}}}")!;
            added = added.AddBodyStatements(assignment).WithTrailingTrivia(endOfLine, endOfLine).WithAdditionalAnnotations(Formatter.Annotation);
            var place = lastField is null ? 0 : type.Members.IndexOf(lastField) + 1;
            type = type.WithMembers(type.Members.Insert(place, added));
        }
        else
        {
            var changed = constructor.WithParameterList(ParameterInjection.AddParameter(constructor.ParameterList, service, name));
            if (changed.ExpressionBody is { } expression)
            {
                changed = changed.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(expression.Expression.WithoutTrivia()), assignment).WithTrailingTrivia(constructor.GetTrailingTrivia()))
                    .WithAdditionalAnnotations(Formatter.Annotation);
            }
            else
            {
                changed = changed.AddBodyStatements(assignment);
            }

            type = type.ReplaceNode(constructor, changed);
            lastField = type.Members.LastOrDefault(member => member is FieldDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.StaticKeyword) && !member.Modifiers.Any(SyntaxKind.ConstKeyword));
        }

        var declaration = (FieldDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"private readonly {service.Name} {field};")!;
        declaration = declaration.WithTrailingTrivia(lastField is null ? SyntaxFactory.TriviaList(endOfLine, endOfLine) : SyntaxFactory.TriviaList(endOfLine)).WithAdditionalAnnotations(Formatter.Annotation);
        return type.WithMembers(type.Members.Insert(lastField is null ? 0 : type.Members.IndexOf(lastField) + 1, declaration));
    }

    private static string FieldName(List<TypeDeclarationSyntax> parts, string parameter)
    {
        var fields = parts.SelectMany(part => part.Members.OfType<FieldDeclarationSyntax>())
            .Where(field => !field.Modifiers.Any(SyntaxKind.ConstKeyword) && !field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .SelectMany(field => field.Declaration.Variables)
            .ToList();
        return fields.Count > 0 && fields.All(field => !field.Identifier.ValueText.StartsWith("_", StringComparison.Ordinal)) ? parameter : "_" + parameter;
    }
}
